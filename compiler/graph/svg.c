// The picture of a graph.
#include "compiler/graph/layout.h"

enum {
    MARGIN = 24,
    TITLE_HEIGHT = 62,
    LEGEND_ROW = 24,
    LEAST_WIDTH = 520,
    NODE_WIDEST = 340,
    NODE_NARROWEST = 104,
    LABEL_SIZE = 12,
    KIND_SIZE = 10,
    TEXT_INSET = 13,
    ARROW = 7,
    EM = 100 // widths of letters are counted in hundredths of the size
};

// ---- texts ----

static bool is_one_of(char c, const char *set)
{
    for (; *set; set++)
        if (*set == c)
            return true;
    return false;
}

// Wide enough for the sans-serif fonts that are common.
static int letter_width(char c)
{
    if (((unsigned char)c & 0xC0) == 0x80)
        return 0;
    if (is_one_of(c, "iljtfrI.,:;'|!()[]/ "))
        return 40;
    if (is_one_of(c, "mwMW@%"))
        return 98;
    return (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80 ? 76 : 65;
}

static int text_width(Str text, int size)
{
    int width = 0;
    for (size_t i = 0; i < text.len; i++)
        width += letter_width(text.ptr[i]);
    return (width * size + EM - 1) / EM;
}

// Bold letters are wider.
static int bold(int size)
{
    return size + (size + 7) / 8;
}

// The text, cut in its middle when it is wider than `most`: both ends tell names apart.
static void add_fitting(Buf *out, Str text, int size, int most)
{
    if (text_width(text, size) <= most) {
        buf_add_escaped(out, text);
        return;
    }
    int room = most * EM / size - EM;
    size_t head = 0, tail = text.len;
    for (bool front = true; head < tail; front = !front) {
        int width = letter_width(front ? text.ptr[head] : text.ptr[tail - 1]);
        if (width > room)
            break;
        room -= width;
        if (front)
            head++;
        else
            tail--;
    }
    while (head > 0 && ((unsigned char)text.ptr[head] & 0xC0) == 0x80)
        head--;
    while (tail < text.len && ((unsigned char)text.ptr[tail] & 0xC0) == 0x80)
        tail++;
    buf_add_escaped(out, str_slice(text, 0, head));
    buf_add_text(out, "…");
    buf_add_escaped(out, str_slice(text, tail, text.len));
}

// ---- style ----

typedef VEC(ServiceLook) LookList;

static LookList looks_of(Arena *arena, const Graph *graph)
{
    LookList looks = {0};
    for (size_t i = 0; i < graph->nodes.len; i++) {
        ServiceLook look = graph_service_look(graph->nodes.items[i].service);
        bool known = false;
        for (size_t j = 0; j < looks.len; j++)
            known = known || looks.items[j].family == look.family;
        if (!known)
            VEC_ADD(arena, &looks, look);
    }
    return looks;
}

static void add_style(Buf *out, const LookList *looks)
{
    buf_add_text(out,
        "<style>\n"
        ".altc text{font-family:system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',Helvetica,"
        "Arial,sans-serif}\n"
        ".altc .ground{fill:#ffffff}\n"
        ".altc .frame{fill:#64748b;fill-opacity:.07;stroke:#94a3b8;stroke-opacity:.7}\n"
        ".altc .stack{fill:none;stroke:#64748b;stroke-width:1.5}\n"
        ".altc .node{fill:#ffffff;stroke-width:1.3}\n"
        ".altc .edge{fill:none;stroke-width:1.4;stroke-opacity:.75}\n"
        ".altc .plain{stroke:#64748b}\n"
        ".altc .order{stroke-dasharray:5 4}\n"
        ".altc .across{stroke-dasharray:1.5 4;stroke-width:2;stroke-linecap:round}\n"
        ".altc .strong{fill:#0f172a;font-weight:600}\n"
        ".altc .soft{fill:#475569}\n");
    for (size_t i = 0; i < looks->len; i++)
        buf_add_format(out, ".altc .l-%s{stroke:%s}.altc .f-%s{fill:%s}\n", looks->items[i].family,
            looks->items[i].light, looks->items[i].family, looks->items[i].light);
    buf_add_text(out, "@media (prefers-color-scheme:dark){\n"
                      ".altc .ground{fill:#0d1117}\n"
                      ".altc .node{fill:#161b22}\n"
                      ".altc .strong{fill:#f0f6fc}\n"
                      ".altc .soft{fill:#9da7b3}\n");
    for (size_t i = 0; i < looks->len; i++)
        buf_add_format(out, ".altc .l-%s{stroke:%s}.altc .f-%s{fill:%s}\n", looks->items[i].family,
            looks->items[i].dark, looks->items[i].family, looks->items[i].dark);
    buf_add_text(out, "}\n</style>\n");
}

// ---- the parts ----

typedef struct Picture {
    Buf *out;
    Arena *arena;
    const Graph *graph;
    const Layout *layout;
} Picture;

static const char *family_of(const Picture *picture, size_t node)
{
    return graph_service_look(picture->graph->nodes.items[node].service).family;
}

static void add_groups(const Picture *picture)
{
    const Graph *graph = picture->graph;
    for (size_t g = 1; g < graph->groups.len; g++) {
        const GraphGroup *group = &graph->groups.items[g];
        Box box = picture->layout->groups[g];
        if (!box.w)
            continue;
        buf_add_format(picture->out,
            "<g><rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"9\"/>"
            "<text class=\"soft\" x=\"%d\" y=\"%d\" font-size=\"%d\">%s",
            group->is_stack ? "stack" : "frame", box.x, box.y, box.w, box.h, box.x + GROUP_PAD,
            box.y + 16, LABEL_SIZE, group->is_stack ? "stack " : "");
        add_fitting(picture->out, group->label, LABEL_SIZE, box.w - 2 * GROUP_PAD);
        buf_add_text(picture->out, "</text></g>\n");
    }
}

static void add_segments(const Picture *picture)
{
    const Layout *layout = picture->layout;
    for (size_t i = 0; i < layout->segments.len; i++) {
        const Segment *segment = &layout->segments.items[i];
        const char *family = family_of(picture, segment->to);
        int end = segment->arrow ? segment->x2 - ARROW + 1 : segment->x2;
        int reach = segment->x2 - segment->x1;
        reach = (reach < 0 ? -reach : reach) / 2;
        buf_add_format(picture->out, "<path class=\"edge l-%s%s\" d=\"M%d %d", family,
            segment->across  ? " across"
            : segment->order ? " order"
                             : "",
            segment->x1, segment->y1);
        if (segment->y1 == segment->y2)
            buf_add_format(picture->out, "H%d\"/>\n", end);
        else
            buf_add_format(picture->out, "C%d %d %d %d %d %d\"/>\n", segment->x1 + reach,
                segment->y1, end - reach, segment->y2, end, segment->y2);
        if (segment->arrow)
            buf_add_format(picture->out, "<path class=\"f-%s\" d=\"M%d %dl-%d -4v8z\"/>\n", family,
                segment->x2, segment->y2, ARROW);
    }
}

// What a pointer over the node shows.
static void add_node_title(const Picture *picture, size_t index)
{
    const Graph *graph = picture->graph;
    const GraphNode *node = &graph->nodes.items[index];
    buf_add_text(picture->out, "<title>");
    buf_add_escaped(picture->out, node->id);
    buf_add_char(picture->out, '\n');
    buf_add_escaped(picture->out, node->type);
    for (size_t i = 0; i < graph->edges.len; i++) {
        const GraphEdge *edge = &graph->edges.items[i];
        if (edge->from != index)
            continue;
        buf_add_text(picture->out, "\nneeds ");
        buf_add_escaped(picture->out, graph->nodes.items[edge->to].id);
        buf_add_format(
            picture->out, " (%.*s)", STR_FMT(graph_needs_text(picture->arena, edge->needs)));
    }
    buf_add_text(picture->out, "</title>");
}

// "S3 Bucket"; the service once when the kind repeats it.
static Str kind_text(Arena *arena, const GraphNode *node)
{
    return str_equal(node->kind, node->service)
               ? node->kind
               : str_format(arena, "%.*s %.*s", STR_FMT(node->service), STR_FMT(node->kind));
}

static void add_node(const Picture *picture, size_t index)
{
    const GraphNode *node = &picture->graph->nodes.items[index];
    Box box = picture->layout->nodes[index];
    const char *family = family_of(picture, index);
    int room = box.w - TEXT_INSET - 7;
    buf_add_text(picture->out, "<g>");
    add_node_title(picture, index);
    buf_add_format(picture->out,
        "<rect class=\"node l-%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"5\"/>"
        "<path class=\"f-%s\" d=\"M%d %dh-2a3 3 0 0 0 -3 3v%da3 3 0 0 0 3 3h2z\"/>",
        family, box.x, box.y, box.w, box.h, family, box.x + 5, box.y, box.h - 6);
    buf_add_format(picture->out, "<text class=\"strong\" x=\"%d\" y=\"%d\" font-size=\"%d\">",
        box.x + TEXT_INSET, box.y + 18, LABEL_SIZE);
    add_fitting(picture->out, node->label, bold(LABEL_SIZE), room);
    buf_add_format(picture->out, "</text><text class=\"soft\" x=\"%d\" y=\"%d\" font-size=\"%d\">",
        box.x + TEXT_INSET, box.y + 33, KIND_SIZE);
    add_fitting(picture->out, kind_text(picture->arena, node), KIND_SIZE, room);
    buf_add_text(picture->out, "</text></g>\n");
}

// ---- the frame around ----

typedef struct Sign {
    const char *text;
    const char *line;   // class of a line, or NULL
    const char *family; // of a box
} Sign;

typedef VEC(Sign) SignList;

static SignList signs_of(Arena *arena, const Layout *layout, const LookList *looks)
{
    SignList signs = {0};
    for (size_t i = 0; i < looks->len; i++)
        VEC_ADD(arena, &signs,
            ((Sign){.text = looks->items[i].family, .family = looks->items[i].family}));
    bool order = false, across = false;
    for (size_t i = 0; i < layout->segments.len; i++) {
        order = order || layout->segments.items[i].order;
        across = across || layout->segments.items[i].across;
    }
    if (order)
        VEC_ADD(arena, &signs, ((Sign){.text = "only in order (DependsOn)", .line = "order"}));
    if (across)
        VEC_ADD(arena, &signs, ((Sign){.text = "from another stack", .line = "across"}));
    return signs;
}

// Writes the legend when there is an `out`; gives its height.
static int add_legend(Buf *out, const SignList *signs, int top, int width)
{
    enum { CHIP = 12, LINE = 26, SPACE = 20 };
    int x = MARGIN, y = top;
    for (size_t i = 0; i < signs->len; i++) {
        const Sign *sign = &signs->items[i];
        int mark = sign->line ? LINE : CHIP;
        int needed = mark + 6 + text_width(str_of(sign->text), 11);
        if (x > MARGIN && x + needed > width - MARGIN) {
            x = MARGIN;
            y += LEGEND_ROW;
        }
        if (out && sign->line)
            buf_add_format(
                out, "<path class=\"edge plain %s\" d=\"M%d %dh%d\"/>", sign->line, x, y + 6, LINE);
        else if (out)
            buf_add_format(out,
                "<rect class=\"f-%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"3\"/>",
                sign->family, x, y, CHIP, CHIP);
        if (out)
            buf_add_format(out,
                "<text class=\"soft\" x=\"%d\" y=\"%d\" font-size=\"11\">%s</text>\n", x + mark + 6,
                y + 10, sign->text);
        x += needed + SPACE;
    }
    return y - top + LEGEND_ROW;
}

static void add_head(const Picture *picture, int width, int height, bool embedded)
{
    Buf *out = picture->out;
    const Graph *graph = picture->graph;
    if (!embedded)
        buf_add_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    buf_add_format(out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"altc\" role=\"img\" width=\"%d\" "
        "height=\"%d\" viewBox=\"0 0 %d %d\">\n<title>",
        width, height, width, height);
    buf_add_escaped(out, graph->title);
    buf_add_text(out, "</title>\n");
}

static void add_title(const Picture *picture, int width)
{
    Buf *out = picture->out;
    const Graph *graph = picture->graph;
    buf_add_format(out, "<text class=\"strong\" x=\"%d\" y=\"36\" font-size=\"18\">", MARGIN);
    add_fitting(out, graph->title, bold(18), width - 2 * MARGIN);
    buf_add_format(out,
        "</text>\n<text class=\"soft\" x=\"%d\" y=\"56\" font-size=\"11\">%zu resource%s; an arrow "
        "leads from a resource to what it needs</text>\n",
        MARGIN, graph->nodes.len, graph->nodes.len == 1 ? "" : "s");
}

static const int *node_widths(Arena *arena, const Graph *graph)
{
    int *widths = ARENA_ARRAY(arena, int, graph->nodes.len);
    for (size_t i = 0; i < graph->nodes.len; i++) {
        int label = text_width(graph->nodes.items[i].label, bold(LABEL_SIZE));
        int kind = text_width(kind_text(arena, &graph->nodes.items[i]), KIND_SIZE);
        int width = (label > kind ? label : kind) + TEXT_INSET + 8;
        width = width > NODE_WIDEST ? NODE_WIDEST : width;
        widths[i] = width < NODE_NARROWEST ? NODE_NARROWEST : width;
    }
    return widths;
}

void graph_add_svg(Buf *out, const Graph *graph, bool embedded)
{
    Arena *arena = arena_new();
    Layout *layout = layout_graph(arena, graph, node_widths(arena, graph));
    LookList looks = looks_of(arena, graph);
    SignList signs = signs_of(arena, layout, &looks);
    int width = layout->width + 2 * MARGIN;
    width = width > LEAST_WIDTH ? width : LEAST_WIDTH;
    int legend_top = TITLE_HEIGHT + MARGIN + layout->height + MARGIN;
    int height = legend_top + add_legend(NULL, &signs, legend_top, width) + MARGIN / 2;
    Picture picture = {.out = out, .arena = arena, .graph = graph, .layout = layout};
    add_head(&picture, width, height, embedded);
    add_style(out, &looks);
    buf_add_format(
        out, "<rect class=\"ground\" width=\"%d\" height=\"%d\" rx=\"8\"/>\n", width, height);
    add_title(&picture, width);
    buf_add_format(out, "<g transform=\"translate(%d %d)\">\n", MARGIN, TITLE_HEIGHT + MARGIN / 2);
    add_groups(&picture);
    add_segments(&picture);
    for (size_t i = 0; i < graph->nodes.len; i++)
        add_node(&picture, i);
    buf_add_text(out, "</g>\n");
    add_legend(out, &signs, legend_top, width);
    buf_add_text(out, "</svg>\n");
    arena_free(arena);
}
