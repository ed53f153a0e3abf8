/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "proto/kith-group-entry.h"

G_BEGIN_DECLS

/* What is kept of an entry in memory. */
typedef struct
{
  guint8  id[KITH_GROUP_ID_BYTES];
  guint64 hlc;
  guint32 node;         /* the operation it stands on: KithGroupNode.index */
  guint32 content_len : 24;
  guint32 hollow : 1;   /* we have not got the content, and would like to */
  guint32 redacted : 1; /* the content is erased, or was too much of one author: not asked for */
  guint32 leave : 1;    /* of kind leave */
} KithGroupLogItem;

/**
 * KithGroupLog:
 *
 * What one author wrote (protocol 10.3): a chain without gaps. It need not begin with the first
 * entry: newcomers have the end of it.
 */
typedef struct
{
  guint8     author[KITH_GROUP_KEY_BYTES];
  guint64    first;    /* the number of the first item; 1 while there is none */
  guint8     first_prev[KITH_GROUP_ID_BYTES]; /* what the first item follows */
  GArray    *items;    /* (owned) (element-type KithGroupLogItem) */
  guint64    limit;    /* entries above that do not count: cut-off or fork; 0 = none counts */
  guint64    shown_to; /* the host was told to show entries up to this */
  gint64     tokens;   /* of the rate limit, at the last item; in ms, that an entry costs */
  guint64    kept_bytes; /* of content */
  guint      n_hollow;

  guint64         fork;     /* the lowest number with two entries; 0 = none is known */
  KithGroupEntry *proof[2]; /* (owned) (nullable): of that */
  KithGroupEntry *suspect;  /* (owned) (nullable): the other one is being loaded */

  GPtrArray *pending;       /* (owned) (element-type KithGroupEntry): sorted by number */
  gsize      pending_bytes;

  guint64    arrived_bytes; /* of entries that were taken, less what time has given back ... */
  gint64     arrived_ms;    /* ... until then */

  guint      want_link;     /* who was asked for what is missing; 0 = nobody */
  guint64    want_to;
  gint64     want_until_ms;
  guint      content_link;  /* who was asked for contents; 0 = nobody */
  gint64     content_until_ms;
  guint8     ungraftable[KITH_GROUP_ID_BYTES]; /* a cut-off: its branch and ours part too long ago */
  gboolean   waits;         /* until those who have more of it have answered others */
} KithGroupLog;

typedef enum
{
  KITH_GROUP_LOG_APPENDED,
  KITH_GROUP_LOG_KNOWN,
  KITH_GROUP_LOG_GAP,   /* what comes before it is missing */
  KITH_GROUP_LOG_OLDER, /* before the first that we have */
  KITH_GROUP_LOG_FORK,  /* there is another with this number */
  KITH_GROUP_LOG_TORN,  /* it follows another one than our last: a fork somewhere before it */
  KITH_GROUP_LOG_BAD,   /* against the rules: time, rate */
} KithGroupLogResult;

KithGroupLog       *kith_group_log_new         (const guint8          author[KITH_GROUP_KEY_BYTES]);
void                kith_group_log_free        (KithGroupLog         *self);
guint64             kith_group_log_last        (const KithGroupLog   *self);
guint64             kith_group_log_counted     (const KithGroupLog   *self);
KithGroupLogItem   *kith_group_log_get         (const KithGroupLog   *self,
                                                guint64               seq);
KithGroupLogResult  kith_group_log_place       (const KithGroupLog   *self,
                                                const KithGroupEntry *entry);
gboolean            kith_group_log_may_follow  (const KithGroupLog   *self,
                                                guint64               hlc);
KithGroupLogResult  kith_group_log_append      (KithGroupLog         *self,
                                                const KithGroupEntry *entry,
                                                guint32               node);
gboolean            kith_group_log_prepend     (KithGroupLog         *self,
                                                GPtrArray            *entries,
                                                const guint32        *nodes);
void                kith_group_log_truncate    (KithGroupLog         *self,
                                                guint64               last);
gboolean            kith_group_log_has_room    (const KithGroupLog   *self,
                                                gsize                 len);
gboolean            kith_group_log_fill        (KithGroupLog         *self,
                                                guint64               seq);
gboolean            kith_group_log_redact      (KithGroupLog         *self,
                                                guint64               seq);
gboolean            kith_group_log_keep_pending (KithGroupLog        *self,
                                                KithGroupEntry       *entry);
guint64             kith_group_log_find_hlc    (const KithGroupLog   *self,
                                                guint64               hlc);
gboolean            kith_group_log_set_fork    (KithGroupLog         *self,
                                                KithGroupEntry       *first,
                                                KithGroupEntry       *second);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithGroupLog, kith_group_log_free)

G_END_DECLS
