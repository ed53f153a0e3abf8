/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-parcel.h"

G_BEGIN_DECLS

/* For kith-parcel-asked.c, which has what others ask of our files, and kith-parcel-send.c, which has what they
 * get. */

/* What they have asked for and not got. */
typedef struct
{
  KithParcel  *parcel; /* (owned) */
  guint32      request;
  KithFileWhat what;
  guint32      from, count;
} KithFileAsk;

/* A record for the session to take. */
typedef struct
{
  KithParcel    *parcel; /* (owned) */
  KithRecordType type;
  guint64        done_bytes; /* of the parcel, when it is sent */
  GByteArray    *body;       /* (owned) (nullable) */
} KithFileReady;

struct _KithServing
{
  GQueue  asks;     /* (owned) KithFileAsk */
  guint32 n_asked;  /* pieces, in all */
  GQueue  ready;    /* (owned) KithFileReady */
  gboolean reading; /* a worker thread reads for the first of them */
  guint   serial;   /* what is read for an older one is of no use */
  guint   n_looks;  /* for messages in the store, on their way */
};

/* Returns: (transfer none): what @peer has asked for, if anything */
KithServing *kith_serving_of     (KithPeer    *peer);

/* Leaves out what concerns @parcel, or all when it is NULL. */
void         kith_serving_forget (KithServing *self,
                                  KithParcel  *parcel);

G_END_DECLS
