/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * KithLink:
 * @start: the first byte of the link in the text
 * @end: the byte after the last one
 * @uri: (owned): where it leads; the host in ASCII (punycode), so that look-alikes show
 *
 * A link found in a text.
 */
typedef struct
{
  guint start;
  guint end;
  char *uri;
} KithLink;

void       kith_link_free (KithLink   *link);
GPtrArray *kith_links_find (const char *text);
char      *kith_links_dup_question (const char *uri);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithLink, kith_link_free)

G_END_DECLS
