/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/kith-transfer.h"
#include "node/kith-file-sink.h"
#include "node/kith-file-source.h"
#include "node/kith-partials.h"
#include "node/kith-peer.h"
#include "node/kith-transfers.h"

G_BEGIN_DECLS

/* What is called so was begun, and is no file yet. */
#define KITH_PARTIAL_PREFIX ".kith-"
#define KITH_PARTIAL_SUFFIX ".part"

/**
 * KithFetching: (skip)
 * @KITH_FETCHING_NOTHING: it has to begin with the leaves
 * @KITH_FETCHING_LEAVES: the leaves are on their way
 * @KITH_FETCHING_CHECK: a worker thread looks at what is there already
 * @KITH_FETCHING_CHUNKS: pieces are on their way, and are written
 * @KITH_FETCHING_FINISH: a worker thread gives it its name
 *
 * How far the receiving of a file has got.
 *
 *   NOTHING --asked--> LEAVES --all there, root is right--> CHECK --> CHUNKS --all written--> FINISH
 *   LEAVES  --session lost, paused--> NOTHING
 *   any     --failed, cancelled--> NOTHING
 *   CHUNKS  --session lost, paused--> CHUNKS, from the first that is not written
 */
typedef enum
{
  KITH_FETCHING_NOTHING,
  KITH_FETCHING_LEAVES,
  KITH_FETCHING_CHECK,
  KITH_FETCHING_CHUNKS,
  KITH_FETCHING_FINISH,
} KithFetching;

/**
 * KithParcel: (skip)
 *
 * What the node knows and does about one file, of either direction. Reference counted, because
 * worker threads hold on to it; one that was dropped meanwhile has no owner, nor has any after the
 * node has stopped. Only one worker thread at a time has the source or the sink.
 */
typedef struct
{
  grefcount         ref_count;
  KithTransfers    *owner;       /* (unowned) (nullable) */
  KithChat         *chat;        /* (owned): where it is offered */
  KithPeer         *peer;        /* (owned) (nullable): who sends or gets it. In a group: of whom we
                                  * fetch it; whoever gets it from us is no matter of the parcel */
  KithStoreMessage *row;         /* (owned): id, direction, and the file as it is stored */
  KithTransfer     *model;       /* (owned) */
  gboolean          shared;      /* offered in a group: kith-group-files.c */
  gboolean          stored;      /* its message was committed */
  gboolean          rooted;      /* it is found by its root */
  gboolean          dropped;     /* its message is gone: nothing of it shall be left */
  gboolean          working;     /* a worker thread has the source or the sink */
  gboolean          writing;     /* it has the sink */
  gboolean          awaited;     /* what that is doing is not wanted any more */
  GCancellable     *cancellable; /* (owned): of that */
  KithPartials     *partials;    /* (owned): where what was begun in vain goes */
  gint64            stored_us;   /* monotonic: when progress was stored last */

  /* Ours: kith-parcel-send.c */
  KithFileSource   *source;      /* (owned) (nullable) */
  gboolean          source_open; /* and it is what was offered */
  KithPeer         *reader;      /* (owned) (nullable): for whom the worker thread reads */

  /* Of a group */
  gboolean          unusable;    /* we had it, and cannot read it any more */
  GHashTable       *holders;     /* (owned) (nullable): KithPeer (owned): who says to have it ... */
  GHashTable       *liars;       /* (owned) (nullable): ... and those who turned out not to */

  /* Both: each KITH_HASH_BYTES */
  GByteArray       *leaves;      /* (owned) (nullable) */

  /* Theirs: kith-parcel-receive.c */
  KithFetching      fetching;
  KithFileSink     *sink;        /* (owned) (nullable) */
  gboolean          restored;    /* it had begun before this start, and may even be complete */
  guint32           request;     /* what the pieces that are asked for repeat; 0 = none */
  gboolean          leaves_asked;
  guint32           next_ask;
  guint32           next_piece;  /* that has to come */
  guint32           n_written;
  GSource          *resume;      /* (owned) (nullable): they are ready again, once too often */
  gint64            heard_us;    /* monotonic: when something of it came last, or was asked for */
  gboolean          stalled;     /* nothing came for a long time */
  gboolean          named;       /* its path is that of the whole, which is not wanted any more */
  GPtrArray        *pieces;      /* (owned) GByteArray: they wait to be written */
} KithParcel;

KithParcel *kith_parcel_new          (KithTransfers          *owner,
                                      KithChat               *chat,
                                      const KithStoreMessage *row,
                                      KithTransfer           *model);
KithParcel *kith_parcel_ref          (KithParcel             *self);
void        kith_parcel_unref        (KithParcel             *self);
void        kith_parcel_offered      (KithParcel             *self);
void        kith_parcel_set_state    (KithParcel             *self,
                                      KithTransferState       state);
void        kith_parcel_fail         (KithParcel             *self,
                                      const GError           *error);
void        kith_parcel_set_withdrawn (KithParcel            *self);
gboolean    kith_parcel_is_withdrawn (KithParcel             *self);
void        kith_parcel_clear_error  (KithParcel             *self);
void        kith_parcel_progress     (KithParcel             *self,
                                      guint64                 done_bytes);
void        kith_parcel_store        (KithParcel             *self);
void        kith_parcel_put          (KithParcel             *self,
                                      KithStoreBatch         *batch);
void        kith_parcel_say_stored   (KithParcel             *self,
                                      KithFileStatus          status);
void        kith_parcel_say          (KithParcel             *self,
                                      KithFileStatus          status);
void        kith_parcel_rest         (KithParcel             *self);
void        kith_parcel_remove_partial (KithParcel           *self);
void        kith_parcel_give_up_partial (KithParcel          *self);
char       *kith_parcel_new_partial  (const KithEnv          *env,
                                      const char             *folder);
gboolean    kith_parcel_is_partial   (const char             *path);
gboolean    kith_parcel_is_incoming  (KithParcel             *self);
gboolean    kith_parcel_has_place    (KithParcel             *self);
void        kith_parcel_set_peer     (KithParcel             *self,
                                      KithPeer               *peer);

/* kith-parcel-send.c: what somebody asked for is a KithServing. */
typedef struct _KithServing KithServing;

void        kith_serving_free        (KithServing            *self);
gboolean    kith_parcel_receive_get  (KithPeer               *peer,
                                      const guint8           *body,
                                      gsize                   len);
void        kith_parcel_stop_serving (KithParcel             *self);
void        kith_parcel_stop_serving_to (KithParcel          *self,
                                         KithPeer            *peer);
gboolean    kith_serving_may_look    (KithPeer               *peer);
void        kith_serving_count_looks (KithPeer               *peer,
                                      gint                    change);
void        kith_serving_pump        (KithPeer               *peer);
void        kith_serving_clear       (KithPeer               *peer);

/* kith-parcel-receive.c */
void        kith_parcel_fetch        (KithParcel             *self);
void        kith_parcel_fetch_on     (KithParcel             *self);
void        kith_parcel_stop_fetching (KithParcel            *self);
void        kith_parcel_forget_leaves (KithParcel            *self);
gboolean    kith_parcel_receive_leaves (KithPeer             *peer,
                                        const guint8         *body,
                                        gsize                 len);
gboolean    kith_parcel_receive_chunk (KithPeer              *peer,
                                       const guint8          *body,
                                       gsize                  len);

/* Work for a worker thread, which answers on the main loop after the window was drawn. */
void        kith_parcel_run          (KithParcel             *self,
                                      GTaskThreadFunc         work,
                                      gpointer                data,
                                      GDestroyNotify          free_data,
                                      GAsyncReadyCallback     callback);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithParcel, kith_parcel_unref)

G_END_DECLS
