/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is in a folder (protocol 11): a folder goes as one file, which begins with this list; then
 * its files follow in the order of the list. Any thread. */
typedef struct
{
  char    *path;   /* (owned): components with / between them, sanitised in what was unpacked */
  guint64  size;
  guint64  offset; /* of its bytes in the whole; set by unpack() and kith_file_list_place() */
  gboolean folder; /* an empty one */
} KithFileEntry;

typedef struct
{
  GArray *entries; /* (owned) KithFileEntry */
  guint   n_files;
} KithFileList;

KithFileList  *kith_file_list_new     (void);
void           kith_file_list_free    (KithFileList  *self);
void           kith_file_list_add     (KithFileList  *self,
                                       const char    *path,
                                       guint64        size,
                                       gboolean       folder);
KithFileEntry *kith_file_list_get     (KithFileList  *self,
                                       guint          i);
guint64        kith_file_list_place   (KithFileList  *self,
                                       guint64        list_bytes);
GBytes        *kith_file_list_pack    (KithFileList  *self);
KithFileList  *kith_file_list_unpack  (const guint8  *data,
                                       gsize          len,
                                       guint64        total_size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithFileList, kith_file_list_free)

G_END_DECLS
