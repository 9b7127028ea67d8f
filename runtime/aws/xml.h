// XML replies as a tree. What no service sends is refused: declarations of types or entities (so
// nothing can be expanded), deep nesting, endless elements. Characters that XML does not allow,
// which texts of others bring along, become '?'.
#ifndef ALTC_AWS_XML_H
#define ALTC_AWS_XML_H

#include "compiler/base/vec.h"
#include "compiler/base/str.h"

enum { XML_MAX_BYTES = 32 * 1024 * 1024, XML_MAX_DEPTH = 64, XML_MAX_NODES = 500 * 1000 };

typedef struct XmlNode XmlNode;
struct XmlNode {
    Str name; // without a prefix
    Str text; // all character data directly in it; of elements that hold others it is of no use
    VEC(XmlNode *) children;
};

// The root element, in the arena; NULL when the text is no XML or passes a limit: `error` says why.
XmlNode *xml_read(Arena *arena, Str text, Str *error);
// Asked about each element that is complete. True: nothing behind it matters, so it is not read.
typedef struct XmlStop {
    void *context;
    bool (*enough)(void *context, const XmlNode *element);
} XmlStop;

// The same, up to where `stop` (or NULL) has enough: elements around it hold what came before.
XmlNode *xml_read_until(Arena *arena, Str text, const XmlStop *stop, Str *error);
// The first child of the name, or NULL. NULL has no children.
const XmlNode *xml_child(const XmlNode *node, const char *name);
// How many children it has; NULL has none.
size_t xml_count(const XmlNode *node);
// The text at a path of names ("Error/Code"), or STR_NONE.
Str xml_text(const XmlNode *node, const char *path);

#endif
