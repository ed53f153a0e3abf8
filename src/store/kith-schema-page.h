/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Pages of SQLite as they are in clear, and what those of sqlite_schema say. Whatever stands in a page, nothing outside of
 * it is read. */

#define KITH_SCHEMA_LEAF 13
#define KITH_SCHEMA_LEAF_HEADER_BYTES 8
#define KITH_SCHEMA_INTERIOR 5
#define KITH_SCHEMA_INTERIOR_HEADER_BYTES 12
#define KITH_SCHEMA_INDEX_LEAF 10
#define KITH_SCHEMA_INDEX_INTERIOR 2

/* A page of the schema. */
typedef struct
{
  guint32 number;
  guint64 first; /* of its rows */
  guint64 last;
} KithSchemaLeaf;

typedef struct
{
  guint64 number;
  guint64 root; /* the first page of the table or index; 0: it has none */
} KithSchemaRow;

/* How many cells it says that it has. */
gsize    kith_schema_page_count_cells   (const guint8   *page);
/* Where cell @i of a page of any table begins. @header_bytes: of such a page; @i: so that it is in the page */
gsize    kith_schema_page_get_cell      (const guint8   *page,
                                         gsize           header_bytes,
                                         gsize           i);
/* Whether a row of the schema begins at @at, which is in the page. @row: (out) */
gboolean kith_schema_page_is_row        (const guint8   *page,
                                         gsize           at,
                                         KithSchemaRow  *row);
/* Whether it has rows of the schema, and nothing else. @leaf: (out): but for its number */
gboolean kith_schema_page_is_leaf       (const guint8   *page,
                                         KithSchemaLeaf *leaf);
/* Of two leaves: whether the same rows say that tables and indices are at the same places. */
gboolean kith_schema_page_says_the_same (const guint8   *page,
                                         const guint8   *other);

G_END_DECLS
