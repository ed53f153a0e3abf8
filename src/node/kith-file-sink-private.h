/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-file-sink.h"
#include "proto/kith-file-list.h"

G_BEGIN_DECLS

/* The list of a folder while it is incomplete. No name of the folder begins with a dot. */
#define KITH_FILE_SINK_LIST ".list"

struct _KithFileSink
{
  gatomicrefcount ref_count;
  char           *folder;     /* (owned): where it will be */
  char           *partial;    /* (owned): its name there until it is complete */
  guint64         size;
  guint32         list_bytes; /* 0 = it is a file */
  int             folder_fd;  /* -1 = not open */
  int             fd;         /* of the partial file or folder; -1 = not open */
  int             list_fd;    /* of the list in it; -1 = none */
  KithFileList   *list;       /* (owned) (nullable): when all of it is there, and what has no bytes is made */
  int             entry_fd;   /* of the entry that was used last; -1 = none */
  guint           entry;
};

/* Where bytes of the whole are: a file, where in it, and how many of them. */
typedef struct
{
  int     fd;
  guint64 offset;
  gsize   len;
} KithFilePlace;

/* kith-file-sink-disk.c. Descriptors are -1 on failure; then errno says why. */
gboolean kith_file_sink_fail        (GError       **error);
void     kith_file_sink_close_fd    (int           *fd);
void     kith_file_sink_remove_at   (int            folder_fd,
                                     const char    *name);
int      kith_file_sink_open_file   (int            folder_fd,
                                     const char    *name);
int      kith_file_sink_open_folder (int            folder_fd,
                                     const char    *name);
gboolean kith_file_sink_write_at    (int            fd,
                                     guint64        offset,
                                     const guint8  *data,
                                     gsize          len,
                                     GError       **error);
gsize    kith_file_sink_read_at     (int            fd,
                                     guint64        offset,
                                     guint8        *buffer,
                                     gsize          len);

/* kith-file-sink-folder.c */
gboolean kith_file_sink_load_list   (KithFileSink  *self,
                                     GError       **error);
void     kith_file_sink_forget_list (KithFileSink  *self);
gboolean kith_file_sink_is_small    (KithFileSink  *self);
gboolean kith_file_sink_close_entry (KithFileSink  *self,
                                     GError       **error);
gboolean kith_file_sink_find_place  (KithFileSink  *self,
                                     guint64        offset,
                                     gsize          len,
                                     KithFilePlace *place,
                                     GError       **error);

G_END_DECLS
