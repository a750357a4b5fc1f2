# A table of the JSON lines: figures first, then ratios with their aims.
function field(name,    rest) {
    rest = $0
    if (!match(rest, "\"" name "\": \"?")) return ""
    rest = substr(rest, RSTART + RLENGTH)
    match(rest, /[",}]/)
    if (name == "name" || name == "of") match(rest, /"/)
    return substr(rest, 1, RSTART - 1)
}
NR == 1 { print; next }
{
    name = field("name"); durability = field("durability"); unit = field("unit")
    value = field("value"); spread = sprintf("(%.4g to %.4g)", field("low"), field("high"))
}
unit != "ratio" {
    printf "%-78s %-5s %11.4g %-14s %s\n", name, durability, value, unit, spread
    next
}
{
    least = field("at_least"); most = field("at_most")
    aim = most == "" ? "at least " least : "at most " most
    reached = most == "" ? value >= least + 0 : value <= most + 0
    ratios = ratios sprintf("%-50s %-5s %-36s %7.3f %-17s %-14s %s\n", name, durability, \
        field("of"), value, spread, aim, reached ? "reached" : "MISSED")
}
END { print "\nRatios, the medians of pairs that were measured in turn:\n" ratios }
