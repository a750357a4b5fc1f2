/* Draws the curves that bench_scale prints: JSON lines on standard input, an SVG on standard
 * output. Each panel has one unit of y, from 0; x counts in its own unit. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PANEL_WIDTH  420
#define PANEL_HEIGHT 300
#define LEFT         60
#define TOP          40
#define PLOT_WIDTH   (PANEL_WIDTH - LEFT - 20)
#define PLOT_HEIGHT  (PANEL_HEIGHT - TOP - 60)
#define CURVES_MAX   3
#define POINTS_MAX   256

struct panel {
    const char *title, *x_unit, *y_unit;
    const char *curves[CURVES_MAX]; /* names in the input */
};

static const struct panel PANELS[] = {
    {"Runs that wait, in one store",
     "runs",
     "us each",
     {"a run is created and waits", "a callback comes, the run ends", NULL}},
    {"Memory of the engine",
     "runs",
     "MiB",
     {"memory of the engine", "memory of the engine, called back", NULL}},
    {"Large flows and crowds",
     "nodes, tokens or runs",
     "us each",
     {"running it, each node", "parallel gateway, each token",
      "runs of 3 nodes submitted at once, each"}},
};
#define PANEL_COUNT (sizeof PANELS / sizeof *PANELS)
static const char *const COLORS[CURVES_MAX] = {"#1f6fb4", "#d1600c", "#3a8f3a"};

struct curve {
    double x[POINTS_MAX], y[POINTS_MAX];
    size_t count;
};
static struct curve curves[PANEL_COUNT][CURVES_MAX];

static void add(const char *name, double x, double y)
{
    for (size_t p = 0; p < PANEL_COUNT; p++)
        for (size_t c = 0; c < CURVES_MAX; c++) {
            struct curve *curve = &curves[p][c];
            if (!PANELS[p].curves[c] || strcmp(PANELS[p].curves[c], name) != 0) continue;
            if (curve->count == POINTS_MAX) continue;
            curve->x[curve->count] = x;
            curve->y[curve->count++] = y;
        }
}

static void read_points(void)
{
    char line[1024], name[256];
    while (fgets(line, sizeof line, stdin)) {
        const char *x = strstr(line, "\"x\": "), *y = strstr(line, "\"y\": ");
        if (!x || !y || sscanf(line, "{\"curve\": \"%255[^\"]", name) != 1) continue;
        add(name, strtod(x + 5, NULL), strtod(y + 5, NULL));
    }
}

/* 1, 2 or 5 times a power of ten, so that four or five of them reach `maximum`. */
static double tick(double maximum)
{
    double power = pow(10, floor(log10(maximum / 4)));
    double rest = maximum / 4 / power;
    return power * (rest > 5 ? 10 : rest > 2 ? 5 : rest > 1 ? 2 : 1);
}

struct frame {
    double left, x_maximum, y_maximum;
};

static double place_x(const struct frame *frame, double x)
{
    return frame->left + x / frame->x_maximum * PLOT_WIDTH;
}

static double place_y(const struct frame *frame, double y)
{
    return TOP + PLOT_HEIGHT - y / frame->y_maximum * PLOT_HEIGHT;
}

static void draw_number(double x, double y, const char *anchor, double value)
{
    printf("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", x, y, anchor);
    if (value >= 1e6)
        printf("%g M", value / 1e6);
    else if (value >= 1000)
        printf("%g k", value / 1000);
    else
        printf("%g", value);
    printf("</text>\n");
}

static void draw_axes(const struct frame *frame, const struct panel *panel)
{
    double step = tick(frame->y_maximum), bottom = place_y(frame, 0);
    for (double y = 0; y <= frame->y_maximum * 1.001; y += step) {
        printf("<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>\n",
               frame->left, frame->left + PLOT_WIDTH, place_y(frame, y), place_y(frame, y));
        draw_number(frame->left - 6, place_y(frame, y) + 4, "end", y);
    }
    step = tick(frame->x_maximum);
    for (double x = 0; x <= frame->x_maximum * 1.001; x += step)
        draw_number(place_x(frame, x), bottom + 16, "middle", x);
    printf("<text x=\"%.1f\" y=\"20\" font-weight=\"bold\">%s, %s</text>\n", frame->left,
           panel->title, panel->y_unit);
    printf("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n", frame->left + PLOT_WIDTH,
           bottom + 30, panel->x_unit);
}

static void draw_curve(const struct frame *frame, const struct curve *curve, const char *color)
{
    printf("<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"", color);
    for (size_t i = 0; i < curve->count; i++)
        printf("%.1f,%.1f ", place_x(frame, curve->x[i]), place_y(frame, curve->y[i]));
    printf("\"/>\n");
}

static void draw_panel(size_t index)
{
    struct frame frame = {
        .left = LEFT + (double)index * PANEL_WIDTH, .x_maximum = 1, .y_maximum = 1e-9};
    const struct panel *panel = &PANELS[index];
    for (size_t c = 0; c < CURVES_MAX; c++)
        for (size_t i = 0; i < curves[index][c].count; i++) {
            frame.x_maximum = fmax(frame.x_maximum, curves[index][c].x[i]);
            frame.y_maximum = fmax(frame.y_maximum, curves[index][c].y[i] * 1.1);
        }
    draw_axes(&frame, panel);
    for (size_t c = 0; c < CURVES_MAX && panel->curves[c]; c++) {
        double y = TOP + PLOT_HEIGHT + 44;
        if (curves[index][c].count == 0) continue;
        draw_curve(&frame, &curves[index][c], COLORS[c]);
        printf("<text x=\"%.1f\" y=\"%.1f\" fill=\"%s\">%s</text>\n", frame.left,
               y - 14 + 14 * (double)c, COLORS[c], panel->curves[c]);
    }
}

int main(void)
{
    read_points();
    printf("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
           "font-family=\"sans-serif\" font-size=\"11\">\n"
           "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
           (int)PANEL_COUNT * PANEL_WIDTH, PANEL_HEIGHT + 10);
    for (size_t i = 0; i < PANEL_COUNT; i++)
        draw_panel(i);
    printf("</svg>\n");
    return 0;
}
