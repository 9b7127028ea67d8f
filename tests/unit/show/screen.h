// A terminal for tests: just the sequences that the view may write. Anything else is kept visible.
#ifndef ALTC_TESTS_SCREEN_H
#define ALTC_TESTS_SCREEN_H

#include <string.h>

#include "compiler/base/buf.h"
#include "compiler/base/utf8.h"

enum { SCREEN_ROWS = 400, SCREEN_COLUMNS = 240 };

typedef struct Screen {
    uint32_t cells[SCREEN_ROWS][SCREEN_COLUMNS];
    size_t row;
    size_t column;
    size_t last; // lowest row that was written
    size_t columns;
    bool hidden; // the cursor
} Screen;

static void screen_clear(Screen *screen, size_t row, size_t from)
{
    for (size_t i = from; i < SCREEN_COLUMNS; i++)
        screen->cells[row][i] = 0;
}

// The sequence at `at`, behind ESC [. Gives its length.
static size_t screen_steer(Screen *screen, Str text, size_t at)
{
    size_t end = at;
    size_t number = 0;
    while (end < text.len && (text.ptr[end] == '?' || text.ptr[end] == ';' ||
                                 (text.ptr[end] >= '0' && text.ptr[end] <= '9'))) {
        if (text.ptr[end] >= '0' && text.ptr[end] <= '9')
            number = number * 10 + (size_t)(text.ptr[end] - '0');
        end++;
    }
    switch (end < text.len ? text.ptr[end] : 0) {
    case 'A':
        screen->row -= number < screen->row ? number : screen->row;
        break;
    case 'K':
        screen_clear(screen, screen->row, screen->column);
        break;
    case 'J':
        screen_clear(screen, screen->row, screen->column);
        for (size_t i = screen->row + 1; i <= screen->last; i++)
            screen_clear(screen, i, 0);
        break;
    case 'h':
    case 'l':
        screen->hidden = text.ptr[end] == 'l';
        break;
    default: // colours
        break;
    }
    return end + 1 - at;
}

static void screen_write(Screen *screen, Str text)
{
    for (size_t at = 0; at < text.len;) {
        uint32_t code = '?';
        size_t length = utf8_decode(text, at, &code);
        at += length ? length : 1;
        if (code == 0x1B && at < text.len && text.ptr[at] == '[') {
            at += 1 + screen_steer(screen, text, at + 1);
        } else if (code == '\r') {
            screen->column = 0;
        } else if (code == '\n') {
            screen->column = 0;
            screen->row += screen->row + 1 < SCREEN_ROWS;
        } else {
            if (screen->column >= screen->columns) {
                screen->column = 0;
                screen->row += screen->row + 1 < SCREEN_ROWS;
            }
            screen->cells[screen->row][screen->column++] = code;
        }
        if (screen->row > screen->last)
            screen->last = screen->row;
    }
}

static void screen_dump(const Screen *screen, Buf *out)
{
    size_t rows = screen->last + 1;
    while (rows > 0 && !screen->cells[rows - 1][0] && !screen->cells[rows - 1][2])
        rows--;
    for (size_t row = 0; row < rows; row++) {
        size_t width = SCREEN_COLUMNS;
        while (width > 0 && screen->cells[row][width - 1] == 0)
            width--;
        for (size_t i = 0; i < width; i++) {
            char bytes[UTF8_MAX_BYTES];
            uint32_t code = screen->cells[row][i] ? screen->cells[row][i] : ' ';
            buf_add(out, (Str){bytes, utf8_encode(code, bytes)});
        }
        buf_add_char(out, '\n');
    }
}

#endif
