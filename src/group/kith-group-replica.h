/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "base/kith-secret.h"
#include "group/kith-group-effect.h"
#include "group/kith-group-state.h"
#include "proto/kith-group-join.h"
#include "proto/kith-group-op.h"

G_BEGIN_DECLS

/**
 * KithGroupReplica:
 *
 * Our copy of one group (protocol 10): who is in it, what everybody wrote, and what each peer that
 * we are linked with knows of it. Pure: no sockets, timers or files, and time and randomness are
 * handed in. What it wants done it says with effects, which the host takes after every call.
 *
 * One thread. All times are unix time in ms, from the clock of the machine; it may jump.
 */
typedef struct _KithGroupReplica KithGroupReplica;

/* Fills @out with @len random bytes. */
typedef void (*KithGroupRandomFunc) (gpointer data,
                                     guint8  *out,
                                     gsize    len);

/**
 * KithGroupSelf:
 * @identity: our identity key
 * @author_seed: the Ed25519 seed of our author key in this group, of this group alone
 * @random: where randomness comes from
 * @random_data: for @random
 *
 * Who we are in a group. Copied; a reference of the seed is taken.
 */
typedef struct
{
  const guint8       *identity;
  KithSecret         *author_seed;
  KithGroupRandomFunc random;
  gpointer            random_data;
} KithGroupSelf;

/* Where we stand in the group. */
typedef enum
{
  KITH_GROUP_STANDING_ASKING, /* not added, or the operation that adds us has not come yet */
  KITH_GROUP_STANDING_MEMBER,
  KITH_GROUP_STANDING_LEFT,
  KITH_GROUP_STANDING_KICKED,
} KithGroupStanding;

/* --- Beginning ------------------------------------------------------------------------------- */

KithGroupReplica *kith_group_replica_create        (const KithGroupSelf     *me,
                                                    const char              *name,
                                                    const KithGroupPolicy   *policy,
                                                    gint64                   now_ms);
KithGroupReplica *kith_group_replica_join          (const KithGroupSelf     *me,
                                                    const guint8             gid[KITH_GROUP_ID_BYTES]);
KithGroupReplica *kith_group_replica_restore       (const KithGroupSelf     *me,
                                                    const guint8             gid[KITH_GROUP_ID_BYTES],
                                                    GBytes                  *state,
                                                    gboolean                 from_backup);
gboolean          kith_group_replica_restore_op    (KithGroupReplica        *self,
                                                    GBytes                  *op,
                                                    gint64                   received_ms);
gboolean          kith_group_replica_restore_entry (KithGroupReplica        *self,
                                                    const guint8             header[KITH_GROUP_HEADER_BYTES],
                                                    gboolean                 has_content,
                                                    gboolean                 redacted);
void              kith_group_replica_restore_picture (KithGroupReplica      *self,
                                                    GBytes                  *picture);
void              kith_group_replica_restore_done  (KithGroupReplica        *self,
                                                    gint64                   now_ms);
void              kith_group_replica_free          (KithGroupReplica        *self);
/* Its seeds and the group's secret are zeros from now on: it may only be freed then. */
void              kith_group_replica_forget_secrets (KithGroupReplica       *self);

/* --- What is known --------------------------------------------------------------------------- */

const guint8         *kith_group_replica_get_gid        (KithGroupReplica *self);
const guint8         *kith_group_replica_get_author     (KithGroupReplica *self);
KithGroupStanding     kith_group_replica_get_standing   (KithGroupReplica *self);
const KithGroupState *kith_group_replica_get_state      (KithGroupReplica *self);
gboolean              kith_group_replica_is_admin       (KithGroupReplica *self);
gboolean              kith_group_replica_is_frozen      (KithGroupReplica *self);
gboolean              kith_group_replica_is_split       (KithGroupReplica *self);
gboolean              kith_group_replica_needs_key      (KithGroupReplica *self);
gboolean              kith_group_replica_can_post       (KithGroupReplica *self,
                                                         GError          **error);
gboolean              kith_group_replica_can_endorse    (KithGroupReplica *self,
                                                         gint64            now_ms);
gboolean              kith_group_replica_can_claim      (KithGroupReplica *self);
const guint8         *kith_group_replica_get_secret     (KithGroupReplica *self);
guint64               kith_group_replica_get_newest_seq (KithGroupReplica *self,
                                                         const guint8      author[KITH_GROUP_KEY_BYTES]);
gboolean              kith_group_replica_get_status     (KithGroupReplica *self,
                                                         const guint8      member[KITH_GROUP_KEY_BYTES],
                                                         const guint8      author[KITH_GROUP_KEY_BYTES],
                                                         guint64          *delivered_seq,
                                                         guint64          *read_seq);
guint64               kith_group_replica_find_own       (KithGroupReplica *self,
                                                         const guint8 *id, gsize len);
gboolean              kith_group_replica_concerns       (KithGroupReplica *self, guint64 seq,
                                                         const guint8 author[KITH_GROUP_KEY_BYTES]);
gboolean              kith_group_replica_knows_all_statuses (KithGroupReplica *self);
GPtrArray            *kith_group_replica_get_wanted     (KithGroupReplica *self);

/* --- What any member may do ------------------------------------------------------------------ */

gboolean kith_group_replica_post               (KithGroupReplica *self,
                                                const guint8     *content,
                                                gsize             len,
                                                gint64            now_ms,
                                                guint8            id[KITH_GROUP_ID_BYTES],
                                                GError          **error);
void     kith_group_replica_mark_read          (KithGroupReplica *self,
                                                gint64            now_ms);
gboolean kith_group_replica_leave              (KithGroupReplica *self,
                                                gint64            now_ms,
                                                GError          **error);
gboolean kith_group_replica_endorse            (KithGroupReplica *self,
                                                const guint8      candidate[KITH_GROUP_KEY_BYTES],
                                                gint64            now_ms,
                                                GError          **error);
gboolean kith_group_replica_claim              (KithGroupReplica *self,
                                                gint64            now_ms,
                                                GError          **error);
gboolean kith_group_replica_accept_transfer    (KithGroupReplica *self,
                                                gint64            now_ms,
                                                GError          **error);
gboolean kith_group_replica_decline_transfer   (KithGroupReplica *self,
                                                gint64            now_ms,
                                                GError          **error);
gboolean kith_group_replica_bring_request      (KithGroupReplica *self,
                                                GBytes           *request,
                                                gint64            now_ms,
                                                GError          **error);

gboolean kith_group_replica_ask_new_key        (KithGroupReplica *self,
                                                KithSecret       *author_seed,
                                                GBytes           *request,
                                                gint64            now_ms,
                                                GError          **error);

/* --- What the admin may do ------------------------------------------------------------------- */

gboolean kith_group_replica_add_member         (KithGroupReplica *self,
                                                GBytes           *request,
                                                gint64            now_ms,
                                                GError          **error);
gboolean kith_group_replica_deny_request       (KithGroupReplica *self,
                                                const guint8      author[KITH_GROUP_KEY_BYTES],
                                                gint64            now_ms,
                                                GError          **error);
gboolean kith_group_replica_kick               (KithGroupReplica *self,
                                                const guint8      author[KITH_GROUP_KEY_BYTES],
                                                gint64            now_ms,
                                                GError          **error);
gboolean kith_group_replica_rename             (KithGroupReplica *self,
                                                const char       *name,
                                                gint64            now_ms,
                                                GError          **error);
gboolean kith_group_replica_set_picture        (KithGroupReplica *self,
                                                GBytes           *picture,
                                                gint64            now_ms,
                                                GError          **error);
gboolean kith_group_replica_set_policy         (KithGroupReplica      *self,
                                                const KithGroupPolicy *policy,
                                                gint64                 now_ms,
                                                GError               **error);
gboolean kith_group_replica_offer_admin        (KithGroupReplica *self,
                                                const guint8      author[KITH_GROUP_KEY_BYTES],
                                                gint64            now_ms,
                                                GError          **error);

/* --- Links ----------------------------------------------------------------------------------- */

void     kith_group_replica_link_up            (KithGroupReplica *self,
                                                guint             link,
                                                const guint8      identity[KITH_IDENTITY_KEY_BYTES],
                                                gint64            now_ms);
void     kith_group_replica_link_down          (KithGroupReplica *self,
                                                guint             link,
                                                gint64            now_ms);
gboolean kith_group_replica_receive            (KithGroupReplica *self,
                                                guint             link,
                                                guint8            record,
                                                const guint8     *body,
                                                gsize             len,
                                                gint64            now_ms);
gboolean kith_group_replica_link_is_full       (KithGroupReplica *self,
                                                guint             link);
void     kith_group_replica_link_writable      (KithGroupReplica *self,
                                                guint             link,
                                                gint64            now_ms);
void     kith_group_replica_loaded             (KithGroupReplica *self,
                                                guint64           token,
                                                GPtrArray        *entries,
                                                gint64            now_ms);

/* --- The host's turn ------------------------------------------------------------------------- */

gint64           kith_group_replica_tick        (KithGroupReplica *self,
                                                 gint64            now_ms);
gint64           kith_group_replica_get_due     (KithGroupReplica *self);
KithGroupEffect *kith_group_replica_take_effect (KithGroupReplica *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithGroupReplica, kith_group_replica_free)

G_END_DECLS
