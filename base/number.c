#include "base/number.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define DIGITS_MAX 17 /* are enough for every double */

/* A positive number as decimal digits: 0.d1 d2 d3 ... times ten to the power of `point`. */
struct decimal {
    char digits[DIGITS_MAX + 1];
    int count;
    int point;
};

/* printf's "d.ddde[+-]dd", from which the locale's point is left out. */
static struct decimal read_scientific(const char *text)
{
    struct decimal decimal = {.count = 0};
    for (; *text && *text != 'e'; text++)
        if (*text >= '0' && *text <= '9' && decimal.count < DIGITS_MAX)
            decimal.digits[decimal.count++] = *text;
    decimal.point = *text ? (int)strtol(text + 1, NULL, 10) + 1 : 1;
    while (decimal.count > 1 && decimal.digits[decimal.count - 1] == '0')
        decimal.count--;
    return decimal;
}

/* 15 digits are always exact enough to be read, 17 to be read back; subnormals may need only one.
 */
static struct decimal shortest_decimal(double number)
{
    char text[40] = "";
    int precision = number < DBL_MIN ? 1 : 15;
    for (; precision <= DIGITS_MAX; precision++) {
        snprintf(text, sizeof text, "%.*e", precision - 1, number);
        double back = strtod(text, NULL);
        if (!(back < number) && !(back > number)) break;
    }
    return read_scientific(text);
}

static void append_plain(struct text *text, const struct decimal *decimal)
{
    int place = decimal->point < 0 ? decimal->point : 0;
    if (decimal->point <= 0) text_append_string(text, "0.");
    for (; place < 0; place++)
        text_append_character(text, '0');
    for (int i = 0; i < decimal->count || i < decimal->point; i++) {
        if (i == decimal->point && i > 0) text_append_character(text, '.');
        text_append(text, i < decimal->count ? &decimal->digits[i] : "0", 1);
    }
    if (decimal->point >= decimal->count) text_append_string(text, ".0");
}

static void append_exponent(struct text *text, const struct decimal *decimal)
{
    text_append(text, decimal->digits, 1);
    if (decimal->count > 1) text_append_character(text, '.');
    text_append(text, decimal->digits + 1, (size_t)decimal->count - 1);
    text_append_format(text, "e%+03d", decimal->point - 1);
}

void number_append(struct text *text, double number)
{
    if (signbit(number)) text_append_character(text, '-');
    if (!(number < 0) && !(number > 0)) {
        text_append_string(text, "0.0");
        return;
    }
    struct decimal decimal = shortest_decimal(fabs(number));
    if (decimal.point > -4 && decimal.point <= 16)
        append_plain(text, &decimal);
    else
        append_exponent(text, &decimal);
}

/* The C library has this locale ready: no call allocates or reads a file for it. */
static locale_t locale_with_point(void)
{
    return newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
}

void number_append_digits(struct text *text, char letter, int digits, double number)
{
    locale_t locale = locale_with_point();
    if (!locale) {
        text->failed = true;
        return;
    }
    locale_t before = uselocale(locale);
    switch (letter) {
    case 'e': text_append_format(text, "%.*e", digits, number); break;
    case 'E': text_append_format(text, "%.*E", digits, number); break;
    case 'g': text_append_format(text, "%.*g", digits, number); break;
    case 'G': text_append_format(text, "%.*G", digits, number); break;
    default: text_append_format(text, "%.*f", digits, number); break;
    }
    uselocale(before);
    freelocale(locale);
}

bool number_read(const char *string, const char **end, double *out)
{
    char *behind;
    locale_t locale = locale_with_point();
    if (!locale) return false;
    *out = strtod_l(string, &behind, locale);
    freelocale(locale);
    if (end) *end = behind;
    return true;
}
