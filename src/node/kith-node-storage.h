/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-node.h"

G_BEGIN_DECLS

/* What takes room on the disk, and making room again. A received file counts while it is still where it
 * was put and as long as it was: what the user has moved or changed is theirs. Folders never count. */

typedef struct
{
  guint64 profile_bytes;  /* identity, contacts, messages; 0 when everything is in memory */
  guint64 received_bytes;
  guint   n_received;
} KithStorageUse;

/* @profile_path: (nullable): the folder of the profile. Only files sent before @before_ms (ms since 1970)
 * count as received; G_MAXINT64 = all. The disk is looked at in a thread. Errors: those of the store; what cannot be
 * looked at does not count. */
void     kith_node_measure_storage_async  (KithNode            *self,
                                           const char          *profile_path,
                                           gint64               before_ms,
                                           GCancellable        *cancellable,
                                           GAsyncReadyCallback  callback,
                                           gpointer             user_data);
gboolean kith_node_measure_storage_finish (KithNode            *self,
                                           GAsyncResult        *result,
                                           KithStorageUse      *use,
                                           GError             **error);

/* Deletes those files; their messages stay. @use says what was deleted. Errors: DISK, PERMISSION with the
 * first that could not be deleted; the others are gone nevertheless. */
void     kith_node_delete_received_async  (KithNode            *self,
                                           gint64               before_ms,
                                           GCancellable        *cancellable,
                                           GAsyncReadyCallback  callback,
                                           gpointer             user_data);
gboolean kith_node_delete_received_finish (KithNode            *self,
                                           GAsyncResult        *result,
                                           KithStorageUse      *use,
                                           GError             **error);

G_END_DECLS
