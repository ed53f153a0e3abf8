/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/kith-cipher-file.h"

G_BEGIN_DECLS

/* The first page of a database that cannot be read, or of which the schema cannot be: made anew from the pages of the
 * schema that can. Others of its pages are those of a new database, where these are the same; else the tables that stood in
 * them are not found any more. Nothing is written.
 *
 * @page: (out). Returns: %FALSE when no page of a schema can be read */
gboolean      kith_cipher_rescue_first_page (CipherFile *self,
                                             guint8      page[KITH_PAGE_BYTES]);
/* What stands in place of one that cannot be read, by its number: (transfer none) (nullable). After the first page. */
const guint8 *kith_cipher_rescue_get_page   (CipherFile *self,
                                             gint64      number);

G_END_DECLS
