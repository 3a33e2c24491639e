#include "vaultctl.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>


void
ctl_table_init(ctl_table_t *table, vc_arena_t *arena,
    const ctl_column_t *columns)
{
    memset(table, 0, sizeof(*table));

    table->arena = arena;
    table->columns = columns;

    while (columns[table->column_count].key != NULL) {
        table->column_count++;
    }
}


ctl_cell_t *
ctl_table_row(ctl_table_t *table)
{
    size_t      size;
    ctl_cell_t *cells;

    if (table->row_count == table->capacity) {
        table->capacity = (table->capacity == 0) ? 8 : table->capacity * 2;
        size = table->column_count * sizeof(ctl_cell_t);

        cells = vc_arena_calloc(table->arena, table->capacity * size);
        if (cells == NULL) {
            return NULL;
        }

        if (table->row_count != 0) {
            memcpy(cells, table->cells, table->row_count * size);
        }

        table->cells = cells;
    }

    return table->cells + table->column_count * table->row_count++;
}


ctl_cell_t
ctl_text(const char *text)
{
    return (ctl_cell_t){vc_str(text), 0};
}


ctl_cell_t
ctl_number(int64_t number)
{
    return (ctl_cell_t){VC_STR_NULL, number};
}


static void
ctl_json_words(vc_buf_t *out, vc_str_t words)
{
    size_t i, start;

    vc_buf_text(out, "[");

    for (i = 0, start = 0; words.len != 0 && i <= words.len; i++) {
        if (i == words.len || words.data[i] == ',') {
            vc_buf_text(out, start == 0 ? "" : ", ");
            vc_json_string(out, (vc_str_t){words.data + start, i - start});
            start = i + 1;
        }
    }

    vc_buf_text(out, "]");
}


static void
ctl_json_cell(vc_buf_t *out, ctl_kind_t kind, const ctl_cell_t *cell)
{
    switch (kind) {
    case CTL_NUMBER:
        vc_buf_i64(out, cell->number);
        break;
    case CTL_DATE:
        if (cell->number == 0) {
            vc_buf_text(out, "null");

        } else {
            vc_buf_i64(out, cell->number);
        }
        break;
    case CTL_FLAG:
        vc_buf_text(out, cell->number ? "true" : "false");
        break;
    case CTL_WORDS:
        ctl_json_words(out, cell->text);
        break;
    default:
        vc_json_string(out, cell->text);
    }
}


static void
ctl_json_row(vc_buf_t *out, const ctl_table_t *table, size_t row)
{
    size_t i;

    vc_buf_text(out, "{");

    for (i = 0; i < table->column_count; i++) {
        vc_buf_printf(out, "%s\"%s\": ", i == 0 ? "" : ", ",
            table->columns[i].key);
        ctl_json_cell(out, table->columns[i].kind,
            table->cells + row * table->column_count + i);
    }

    vc_buf_text(out, "}");
}


static void
ctl_date(vc_buf_t *out, int64_t seconds)
{
    char      text[32];
    time_t    when;
    struct tm fields;

    when = (time_t) seconds;

    if (seconds == 0 || gmtime_r(&when, &fields) == NULL
        || strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &fields) == 0)
    {
        (void) snprintf(text, sizeof(text), "-");
    }

    vc_buf_text(out, text);
}


/* a cell as people read it */
static vc_str_t
ctl_human_cell(vc_arena_t *arena, ctl_kind_t kind, const ctl_cell_t *cell)
{
    vc_buf_t out;

    vc_buf_init(&out, arena, 0);

    switch (kind) {
    case CTL_NUMBER:
        vc_buf_i64(&out, cell->number);
        break;
    case CTL_DATE:
        ctl_date(&out, cell->number);
        break;
    case CTL_FLAG:
        vc_buf_text(&out, cell->number ? "yes" : "no");
        break;
    default:
        vc_buf_str(&out, cell->text.len == 0 ? VC_STR("-") : cell->text);
    }

    return out.failed ? VC_STR("?") : vc_buf_view(&out);
}


/* columns on the screen: code points, which is near enough for names */
static size_t
ctl_width(vc_str_t text)
{
    size_t i, n;

    for (i = 0, n = 0; i < text.len; i++) {
        n += ((text.data[i] & 0xc0) != 0x80) ? 1 : 0;
    }

    return n;
}


/* the text, and blanks up to width */
static void
ctl_padded(vc_buf_t *out, vc_str_t text, size_t width)
{
    size_t n;

    vc_buf_str(out, text);

    for (n = ctl_width(text); n < width; n++) {
        vc_buf_text(out, " ");
    }
}


static ctl_exit_t
ctl_flush(vc_buf_t *out)
{
    vc_str_t text;

    text = vc_buf_view(out);

    if (out->failed || fflush(stdout) != 0 || !ctl_write(STDOUT_FILENO, text)) {
        return ctl_fail(CTL_FAILED, "the answer cannot be written");
    }

    return CTL_OK;
}


ctl_exit_t
ctl_print_object(const ctl_t *ctl, const ctl_table_t *table)
{
    size_t   i, width, n;
    vc_buf_t out;

    vc_buf_init(&out, table->arena, 1024);

    if (ctl->json) {
        ctl_json_row(&out, table, 0);
        vc_buf_text(&out, "\n");
        return ctl_flush(&out);
    }

    for (i = 0, width = 0; i < table->column_count; i++) {
        n = ctl_width(vc_str(table->columns[i].title));
        width = (n > width) ? n : width;
    }

    for (i = 0; i < table->column_count; i++) {
        ctl_padded(&out, vc_str(table->columns[i].title), width + 2);
        vc_buf_str(&out, ctl_human_cell(table->arena, table->columns[i].kind,
                             table->cells + i));
        vc_buf_text(&out, "\n");
    }

    return ctl_flush(&out);
}


static void
ctl_json_list(vc_buf_t *out, const ctl_table_t *table)
{
    size_t row;

    vc_buf_text(out, "[");

    for (row = 0; row < table->row_count; row++) {
        vc_buf_text(out, row == 0 ? "\n  " : ",\n  ");
        ctl_json_row(out, table, row);
    }

    vc_buf_text(out, table->row_count == 0 ? "]\n" : "\n]\n");
}


/* row 0 is the titles; the last column is not padded */
static void
ctl_human_row(vc_buf_t *out, size_t columns, const vc_str_t *texts,
    const size_t *widths)
{
    size_t i;

    for (i = 0; i < columns; i++) {
        ctl_padded(out, texts[i], i + 1 < columns ? widths[i] + 2 : 0);
    }

    vc_buf_text(out, "\n");
}


static void
ctl_human_list(vc_buf_t *out, const ctl_table_t *table)
{
    size_t    i, row, columns, *widths;
    vc_str_t *texts;

    columns = table->column_count;
    widths = vc_arena_calloc(table->arena, columns * sizeof(size_t));
    texts = vc_arena_calloc(table->arena,
        columns * (table->row_count + 1) * sizeof(vc_str_t));

    if (widths == NULL || texts == NULL) {
        out->failed = true;
        return;
    }

    for (row = 0; row <= table->row_count; row++) {
        for (i = 0; i < columns; i++) {
            texts[row * columns + i] =
                (row == 0)
                    ? vc_str(table->columns[i].title)
                    : ctl_human_cell(table->arena, table->columns[i].kind,
                        table->cells + (row - 1) * columns + i);

            if (ctl_width(texts[row * columns + i]) > widths[i]) {
                widths[i] = ctl_width(texts[row * columns + i]);
            }
        }
    }

    for (row = 0; row <= table->row_count; row++) {
        ctl_human_row(out, columns, texts + row * columns, widths);
    }
}


ctl_exit_t
ctl_print_list(const ctl_t *ctl, const ctl_table_t *table)
{
    vc_buf_t out;

    vc_buf_init(&out, table->arena, 4096);

    if (ctl->json) {
        ctl_json_list(&out, table);

    } else {
        ctl_human_list(&out, table);
    }

    return ctl_flush(&out);
}
