# Compares the figures of two revisions: lines "base {...}" and "here {...}".
function field(name,    rest) {
    rest = $0
    if (!match(rest, "\"" name "\": \"?")) return ""
    rest = substr(rest, RSTART + RLENGTH)
    match(rest, name == "name" ? "\"" : "[\",}]")
    return substr(rest, 1, RSTART - 1)
}
function median(list,    parts, count, i, j, swap) {
    count = split(list, parts, " ")
    for (i = 1; i <= count; i++)
        for (j = i + 1; j <= count; j++)
            if (parts[j] + 0 < parts[i] + 0) { swap = parts[i]; parts[i] = parts[j]; parts[j] = swap }
    low = parts[1] + 0; high = parts[count] + 0
    return parts[int((count + 1) / 2)] + 0
}
{
    if (field("unit") == "ratio" || field("name") ~ /^(limit|peer):/) next
    key = field("name") " (" field("durability") ")"
    if (!(key in unit)) { order[++keys] = key; unit[key] = field("unit") }
    samples[$1, key] = samples[$1, key] " " field("value")
}
END {
    printf "%-66s %12s %12s  %s\n", "", base, "here", ""
    for (i = 1; i <= keys; i++) {
        key = order[i]
        if (!(("base", key) in samples) || !(("here", key) in samples)) continue
        before = median(samples["base", key]); base_low = low; base_high = high
        now = median(samples["here", key])
        apart = now > before ? low > base_high : high < base_low
        change = before > 0 ? now / before : 1
        if (unit[key] ~ /second|\/s$/) change = change > 0 ? 1 / change : 1
        verdict = ""
        if (apart && change > 1.1) { verdict = "SLOWER"; slower++ }
        if (apart && change < 1 / 1.1) { verdict = "faster"; faster++ }
        printf "%-66s %12.4g %12.4g  %-9s %+5.0f %% time  %s\n", key, before, now, unit[key], \
            (change - 1) * 100, verdict
    }
    printf "%d slower, %d faster, %d alike\n", slower, faster, keys - slower - faster
}
