/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sys/stat.h>

#include "node/kith-file-source.h"

G_BEGIN_DECLS

/* A file of the whole. */
typedef struct
{
  char   *path;   /* (owned) */
  guint64 offset; /* of its first byte in the whole */
  guint64 size;
  gint64  mtime_us;
} KithFilePart;

struct _KithFileSource
{
  gatomicrefcount ref_count;
  char           *path;    /* (owned) (nullable) */
  GBytes         *head;    /* (owned) (nullable): the bytes, or the list of a folder */
  gboolean        folder;
  GArray         *parts;   /* (owned) KithFilePart, in order */
  guint           n_files;
  guint64         size;
  gint64          mtime_us; /* the latest */
  int             fd;      /* of the part that was read last; -1 = none */
  guint           fd_part;
};

/* kith-file-source.c */
void     kith_file_source_add_part    (KithFileSource    *self,
                                       const char        *path,
                                       const struct stat *info);

/* kith-file-source-folder.c */
gboolean kith_file_source_open_folder (KithFileSource    *self,
                                       GCancellable      *cancellable,
                                       GError           **error);

G_END_DECLS
