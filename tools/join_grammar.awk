# Puts a grammar's parts into its file: bison has no include. A line `%include FILE` becomes FILE's
# text; #line keeps bison's and the compiler's messages at the places where the text was written.
NR == 1 { printf "#line 1 \"%s\"\n", FILENAME }
/^%include / {
    part = $2
    printf "#line 1 \"%s\"\n", part
    while ((got = (getline line < part)) > 0) print line
    if (got < 0) { printf "%s:%d: cannot read %s\n", FILENAME, FNR, part > "/dev/stderr"; exit 1 }
    printf "#line %d \"%s\"\n", FNR + 1, FILENAME
    next
}
{ print }
