#include "compiler/base/cell.h"

#include "compiler/base/utf8.h"

// Ranges of characters by the columns they take on a terminal. Terminals differ at the edges;
// these are the blocks on which they agree.
typedef struct CharRange {
    uint32_t first;
    uint32_t last;
} CharRange;

// clang-format off

// Marks that join the character before them.
static const CharRange zero_width[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x05BF, 0x05BF}, {0x05C1, 0x05C2},
    {0x05C4, 0x05C5}, {0x05C7, 0x05C7}, {0x0610, 0x061A}, {0x064B, 0x065F}, {0x0670, 0x0670},
    {0x06D6, 0x06DC}, {0x06DF, 0x06E4}, {0x06E7, 0x06E8}, {0x06EA, 0x06ED}, {0x0711, 0x0711},
    {0x0730, 0x074A}, {0x0900, 0x0902}, {0x093A, 0x093A}, {0x093C, 0x093C}, {0x0941, 0x0948},
    {0x094D, 0x094D}, {0x0951, 0x0957}, {0x0E31, 0x0E31}, {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E},
    {0x135D, 0x135F}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x200C, 0x200D}, {0x20D0, 0x20FF},
    {0x302A, 0x302D}, {0x3099, 0x309A}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0x1F3FB, 0x1F3FF},
    {0xE0100, 0xE01EF},
};

static const CharRange two_wide[] = {
    {0x1100, 0x115F}, {0x231A, 0x231B}, {0x2329, 0x232A}, {0x23E9, 0x23EC}, {0x23F0, 0x23F0},
    {0x25FD, 0x25FE}, {0x2614, 0x2615}, {0x2648, 0x2653}, {0x26A1, 0x26A1}, {0x26AA, 0x26AB},
    {0x26BD, 0x26BE}, {0x26CE, 0x26CE}, {0x26D4, 0x26D4}, {0x2705, 0x2705}, {0x270A, 0x270B},
    {0x2728, 0x2728}, {0x274C, 0x274C}, {0x2753, 0x2755}, {0x2757, 0x2757}, {0x2795, 0x2797},
    {0x2B1B, 0x2B1C}, {0x2B50, 0x2B50}, {0x2E80, 0x303E}, {0x3041, 0x33FF}, {0x3400, 0x4DBF},
    {0x4E00, 0xA4CF}, {0xA960, 0xA97F}, {0xAC00, 0xD7A3}, {0xF900, 0xFAFF}, {0xFE30, 0xFE6F},
    {0xFF00, 0xFF60}, {0xFFE0, 0xFFE6}, {0x1F004, 0x1F004}, {0x1F18E, 0x1F19A}, {0x1F200, 0x1F320},
    {0x1F32D, 0x1F335}, {0x1F337, 0x1F37C}, {0x1F37E, 0x1F393}, {0x1F3A0, 0x1F3CA},
    {0x1F3E0, 0x1F3F0}, {0x1F400, 0x1F4FC}, {0x1F4FF, 0x1F53D}, {0x1F550, 0x1F567},
    {0x1F5FB, 0x1F64F}, {0x1F680, 0x1F6C5}, {0x1F7E0, 0x1F7EB}, {0x1F90C, 0x1F9FF},
    {0x1FA70, 0x1FAFF}, {0x20000, 0x3FFFD},
};

// Controls of the terminal, and those that reorder or hide what is read.
static const CharRange unprintable[] = {
    {0x0000, 0x001F}, {0x007F, 0x009F}, {0x061C, 0x061C}, {0x200B, 0x200B}, {0x200E, 0x200F},
    {0x2028, 0x202E}, {0x2060, 0x206F}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE007F},
};

// clang-format on

static bool is_in(uint32_t c, const CharRange *ranges, size_t count)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (ranges[middle].last < c)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && ranges[low].first <= c;
}

#define IS_IN(c, ranges) is_in((c), (ranges), sizeof(ranges) / sizeof *(ranges))

uint32_t cell_next(Str text, size_t *at)
{
    uint32_t c = 0xFFFD;
    size_t len = utf8_decode(text, *at, &c);
    *at += len ? len : 1;
    return c;
}

static void add_utf8(Buf *out, uint32_t c)
{
    char bytes[UTF8_MAX_BYTES];
    buf_add(out, (Str){bytes, utf8_encode(c, bytes)});
}

size_t cell_add(Buf *out, uint32_t c, size_t column)
{
    if (c == '\t') {
        size_t width = CELL_TAB_WIDTH - column % CELL_TAB_WIDTH;
        buf_add_repeat(out, ' ', width);
        return width;
    }
    if (IS_IN(c, unprintable)) {
        size_t before = out->len;
        buf_add_format(out, "<U+%04X>", (unsigned)c);
        return out->len - before;
    }
    add_utf8(out, c);
    if (c < 0x300)
        return 1;
    if (IS_IN(c, zero_width))
        return 0;
    return IS_IN(c, two_wide) ? 2 : 1;
}

size_t cell_plain_run(Str text)
{
    size_t len = 0;
    while (len < text.len && text.ptr[len] >= ' ' && text.ptr[len] <= '~')
        len++;
    return len;
}

size_t cell_add_plain(Buf *out, Str text)
{
    size_t columns = cell_plain_run(text);
    buf_add(out, str_slice(text, 0, columns));
    for (size_t at = columns; at < text.len;) {
        uint32_t c = cell_next(text, &at);
        if (c == '\n' || c == '\t') {
            buf_add_text(out, c == '\n' ? "\\n" : "\\t");
            columns += 2;
        } else {
            columns += cell_add(out, c, 0);
        }
    }
    return columns;
}
