#include "cli/screen.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>

#include "cli/characters.h"
#include "cli/clock.h"
#include "cli/memory.h"

#define FRAME_INTERVAL_MS 100

struct screen {
    struct pen pen;
    struct scene *scene;
    pthread_t thread;
    pthread_cond_t wake; /* with the scene's lock */
    bool is_closing;
    size_t lines; /* of the last frame */
    unsigned frame;
};

/* What does not fit is counted. */
struct fitting {
    size_t columns, lines; /* of the terminal, less a line for the cursor */
    size_t rows, open;     /* interesting ones; those that are not done */
    size_t skip_done;      /* done ones that are left out */
    size_t skip_open;      /* the last of the others that are left out */
};

static bool is_done(const struct row *row)
{
    return row->look == LOOK_FINISHED || row->look == LOOK_SKIPPED || row->look == LOOK_IGNORED;
}

static void measure(const struct screen *screen, struct fitting *out)
{
    struct winsize size = {0};
    *out = (struct fitting){.columns = 80, .lines = 24};
    if (ioctl(fileno(screen->pen.file), TIOCGWINSZ, &size) == 0 && size.ws_col && size.ws_row) {
        out->columns = size.ws_col;
        out->lines = size.ws_row;
    }
    out->lines = out->lines > 4 ? out->lines - 4 : 1; /* the head, what is left out, the cursor */
    struct row_walk walk = {0};
    const struct row *row;
    while ((row = rows_next(&screen->scene->rows, &walk))) {
        if (!row->is_interesting) continue;
        out->rows++;
        if (!is_done(row)) out->open++;
    }
    row_walk_release(&walk);
    if (out->rows > out->lines) {
        size_t room = out->open < out->lines ? out->lines - out->open : 0;
        size_t done = out->rows - out->open;
        out->skip_done = done > room ? done - room : 0;
        out->skip_open = out->open > out->lines ? out->open - out->lines : 0;
    }
}

static const char *spinner(const struct screen *screen, enum look look)
{
    static const char *const DOTS[] = {"\u280b", "\u2819", "\u2839", "\u2838", "\u283c",
                                       "\u2834", "\u2826", "\u2827", "\u2807", "\u280f"};
    static const char *const BARS[] = {"|", "/", "-", "\\"};
    if (look != LOOK_RUNNING) return look_symbol(&screen->pen, look);
    return screen->pen.unicode ? DOTS[screen->frame % 10] : BARS[screen->frame % 4];
}

static void end_line(struct screen *screen, FILE *out)
{
    fputs("\033[K\n", out);
    screen->lines++;
}

/* "  | build            running      1.2s  the last line of its output". */
static void draw_row(struct screen *screen, FILE *out, const struct row *row, size_t columns)
{
    const struct pen *pen = &screen->pen;
    char elapsed[CLOCK_TEXT_SIZE] = "";
    size_t indent = 2 + 2 * (size_t)(row->depth < 10 ? row->depth : 10);
    size_t names_end = columns < 90 ? 20 : 30;
    size_t name_columns = indent + 4 < names_end ? names_end - indent : 4;
    size_t used = indent + 2 + name_columns + 1 + LOOK_COLUMNS + 1 + 7 + 2;
    if (used >= columns) used = columns;
    if (row->started)
        clock_elapsed((row->archived ? row->archived : clock_now()) - row->started, elapsed);
    fprintf(out, "%*s%s%s%s ", (int)indent, "", pen_on(pen, look_style(row->look)),
            spinner(screen, row->look), pen_off(pen, look_style(row->look)));
    print_column(out, path_name(row_label(row)), name_columns);
    fprintf(out, " %-*s %7s", LOOK_COLUMNS, look_word(row->look), elapsed);
    size_t size;
    const char *line = tail_last_line(&row->tail, &size);
    if (size && columns > used + 4 && !is_done(row)) {
        fprintf(out, "  %s", pen_on(pen, STYLE_DIM));
        print_fitted(out, line, size, columns - used - 1);
        fputs(pen_off(pen, STYLE_DIM), out);
    }
    end_line(screen, out);
}

static void draw_head(struct screen *screen, FILE *out)
{
    const struct scene *scene = screen->scene;
    const struct pen *pen = &screen->pen;
    char elapsed[CLOCK_TEXT_SIZE];
    enum style style = look_style(scene->look);
    fprintf(out, "%s%s%s %s", pen_on(pen, style), spinner(screen, scene->look), pen_off(pen, style),
            pen_on(pen, STYLE_BOLD));
    print_fitted(out, scene->flow, strlen(scene->flow), 30);
    fprintf(out, "%s %s %s %s", pen_off(pen, STYLE_BOLD), scene->run, look_word(scene->look),
            clock_elapsed(clock_now() - scene->began, elapsed));
    end_line(screen, out);
}

static void draw_rows(struct screen *screen, FILE *out)
{
    struct fitting fitting;
    measure(screen, &fitting);
    size_t done = 0, open = 0;
    struct row_walk walk = {0};
    const struct row *row;
    while ((row = rows_next(&screen->scene->rows, &walk))) {
        if (!row->is_interesting) continue;
        if (is_done(row) ? done++ < fitting.skip_done : open++ >= fitting.open - fitting.skip_open)
            continue;
        draw_row(screen, out, row, fitting.columns);
    }
    row_walk_release(&walk);
    if (fitting.skip_done || fitting.skip_open) {
        fprintf(out, "  and %zu done, %zu others", fitting.skip_done, fitting.skip_open);
        end_line(screen, out);
    }
    if (screen->scene->is_stopping) {
        fputs("  stopping: running activities end first; Ctrl-C again stops at once", out);
        end_line(screen, out);
    }
}

/* One write a frame, so that nothing flickers. Holds the scene's lock. */
static void draw(struct screen *screen)
{
    char *bytes = NULL;
    size_t size = 0, before = screen->lines;
    FILE *out = open_memstream(&bytes, &size);
    if (!out) return; /* the next frame may have more luck */
    screen->lines = 0;
    screen->frame++;
    /* Long lines must not wrap: then lines could not be counted. */
    fputs("\033[?25l\033[?7l\r", out);
    if (before) fprintf(out, "\033[%zuA", before);
    draw_head(screen, out);
    draw_rows(screen, out);
    fputs("\033[J\033[?7h\033[?25h", out);
    if (fclose(out) == 0) {
        fwrite(bytes, 1, size, screen->pen.file);
        fflush(screen->pen.file);
    }
    free(bytes);
}

static void *draw_on(void *context)
{
    struct screen *screen = context;
    pthread_mutex_lock(&screen->scene->lock);
    while (!screen->is_closing) {
        struct timespec until;
        if (screen->scene->run[0]) draw(screen);
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += FRAME_INTERVAL_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        pthread_cond_timedwait(&screen->wake, &screen->scene->lock, &until);
    }
    pthread_mutex_unlock(&screen->scene->lock);
    return NULL;
}

struct screen *screen_open(const struct pen *pen, struct scene *scene)
{
    struct screen *screen = NULL;
    size_t capacity = 0;
    if (!grow((void **)&screen, &capacity, 1, sizeof *screen)) return NULL;
    screen->pen = *pen;
    screen->scene = scene;
    pthread_cond_init(&screen->wake, NULL);
    if (pthread_create(&screen->thread, NULL, draw_on, screen) == 0) return screen;
    pthread_cond_destroy(&screen->wake);
    free(screen);
    return NULL;
}

/* What a run that does not move any more is waiting for, by its rows: the last picture says it. */
static enum look settled_look(const struct scene *scene)
{
    static const enum look ORDER[] = {LOOK_FAILED, LOOK_SUSPENDED, LOOK_WAITING};
    for (size_t i = 0; i < sizeof ORDER / sizeof ORDER[0]; i++)
        for (size_t row = 0; row < scene->rows.count; row++)
            if (scene->rows.items[row].look == ORDER[i]) return ORDER[i];
    return scene->look;
}

void screen_close(struct screen *screen)
{
    if (!screen) return;
    pthread_mutex_lock(&screen->scene->lock);
    screen->is_closing = true;
    pthread_cond_signal(&screen->wake);
    pthread_mutex_unlock(&screen->scene->lock);
    pthread_join(screen->thread, NULL);
    pthread_mutex_lock(&screen->scene->lock);
    if (screen->scene->look == LOOK_RUNNING) screen->scene->look = settled_look(screen->scene);
    if (screen->scene->run[0]) draw(screen);
    pthread_mutex_unlock(&screen->scene->lock);
    pthread_cond_destroy(&screen->wake);
    free(screen);
}
