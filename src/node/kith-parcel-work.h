/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-parcel.h"

G_BEGIN_DECLS

/**
 * KithParcelWork: (skip)
 *
 * What a worker thread is given to do for a file that is received, and what it answers. Only
 * kith-parcel-receive.c makes one.
 */
typedef struct
{
  KithFileSink *sink;       /* (owned) */
  GByteArray   *leaves;     /* (owned) */
  guint8        root[KITH_HASH_BYTES];
  guint64       size;
  guint32       first;      /* of the pieces */
  guint32       n_good;     /* pieces that are there and right */
  GPtrArray    *pieces;     /* (owned) (nullable) GByteArray */
  char         *folder;     /* (owned) (nullable) */
  char         *name;       /* (owned) (nullable): what it shall be called */
  char         *partial;    /* (owned) (nullable): what it is called until it is complete ... */
  guint32       list_bytes; /* ... if it may be that already */
  char         *path;       /* (owned) (nullable): where it is complete */
  guint         n_files;
} KithParcelWork;

KithParcelWork *kith_parcel_work_new           (KithParcel     *parcel);
void            kith_parcel_work_free          (KithParcelWork *work);

void            kith_parcel_work_check_thread  (GTask          *task,
                                                gpointer        source,
                                                gpointer        data,
                                                GCancellable   *cancellable);
void            kith_parcel_work_write_thread  (GTask          *task,
                                                gpointer        source,
                                                gpointer        data,
                                                GCancellable   *cancellable);
void            kith_parcel_work_finish_thread (GTask          *task,
                                                gpointer        source,
                                                gpointer        data,
                                                GCancellable   *cancellable);

G_END_DECLS
