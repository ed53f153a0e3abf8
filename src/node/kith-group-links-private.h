/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/kith-bucket.h"
#include "base/kith-quota.h"
#include "node/kith-group-links.h"
#include "node/kith-node-private.h"
#include "proto/kith-group-where.h"

G_BEGIN_DECLS

/* For the files of the links:
 *
 * - kith-group-links.c: groups and members, as the host says
 * - kith-group-links-wanted.c: with whom we want to be linked, and sessions that nobody wants
 * - kith-co-member.c: people in groups with us, and the roots by which two of them meet
 * - kith-group-session.c: which groups are linked on a session
 * - kith-group-session-records.c: what flows then
 * - kith-group-session-admission.c: who is let in for the sake of groups
 * - kith-group-whereabouts.c: where members say they are
 * - kith-group-invites.c: links to groups of ours
 * - kith-followed-links.c: links of others that we use */

/* Somebody in a group of ours. */
typedef struct
{
  guint8          identity[KITH_IDENTITY_BYTES];
  guint8          author[KITH_GROUP_KEY_BYTES];
  gboolean        has_author;
  gboolean        wanted;
  guint8          knock_keys[2][KITH_KEY_BYTES]; /* by the secret, and by the former one */
  gboolean        has_knock_key[2];
  KithGroupWhere *where;    /* (owned) (nullable): the newest note of theirs */
  KithQuota       notes;    /* that they have signed, and we have taken */
} KithLinkMember;

typedef struct
{
  KithNode   *node;        /* (unowned) */
  guint8      gid[KITH_GROUP_ID_BYTES];
  guint8      author[KITH_GROUP_KEY_BYTES]; /* ours */
  KithSecret *author_seed; /* (owned) */
  KithSecret *secret;      /* (owned) (nullable) */
  KithSecret *former;      /* (owned) (nullable) */
  GSource    *former_end;  /* (owned) (nullable): when it is forgotten */
  GHashTable *members;     /* (owned) identity -> KithLinkMember */
  GHashTable *authors;     /* (owned) author key -> one of them */
  KithGroupWhere *where;   /* (owned) (nullable): our own note */
  GPtrArray  *early;       /* (owned) KithGroupWhere: notes that came before their authors, oldest first */
} KithLinkGroup;

/* Owned by the node. */
typedef struct _KithGroupLinks
{
  KithNode   *node;        /* (unowned) */
  GPtrArray  *groups;      /* (owned) KithLinkGroup, by gid */
  const KithGroupLinksEvents *events; /* (unowned) (nullable) */
  gpointer    user_data;
  GHashTable *away;        /* (owned) gid and identity of those who were turned away */
  GHashTable *followed;    /* (owned) gid -> KithFollowedLink: kith-followed-links.c */
  GListStore *invitations; /* (owned) KithInvitation: links of ours to groups */
  GSource    *sweep;       /* (owned) (nullable): sessions that nobody wants */
  GSource    *renewal;     /* (owned) (nullable): the next look at our notes */
  KithBucket  vain_knocks;
} KithGroupLinks;

KithGroupLinks *kith_group_links_new          (KithNode           *node);
void            kith_group_links_free         (KithGroupLinks     *self);
KithLinkGroup  *kith_group_links_find         (KithNode           *node,
                                               const guint8       *gid);
KithLinkMember *kith_group_links_find_member  (const KithLinkGroup *group,
                                               const guint8       *identity);
KithLinkMember *kith_group_links_find_author  (const KithLinkGroup *group,
                                               const guint8       *author);

/* kith-group-links-wanted.c */
void            kith_group_links_leave_alone  (KithPeer           *peer);

/* kith-co-member.c. A member: of any group of ours, as we know it. */
gboolean        kith_co_member_is_one            (KithNode     *node,
                                                  const guint8 *identity);
gboolean        kith_co_member_is_wanted         (KithNode     *node,
                                                  const guint8 *identity);
gboolean        kith_co_member_is_dialled_as_one (KithPeer     *peer);
KithPeer       *kith_co_member_ensure_peer       (KithNode     *node,
                                                  const guint8 *identity);
gboolean        kith_co_member_get_root          (KithNode     *node,
                                                  const guint8 *identity,
                                                  guint8        root[KITH_KEY_BYTES]);
gboolean        kith_co_member_get_former_root   (KithNode     *node,
                                                  const guint8 *identity,
                                                  guint8        root[KITH_KEY_BYTES]);
guint           kith_co_member_list_roots        (KithNode     *node,
                                                  const guint8 *identity,
                                                  guint8        roots[][KITH_KEY_BYTES],
                                                  guint         max);
gboolean        kith_co_member_match_knock       (KithNode     *node,
                                                  const guint8 *tag,
                                                  const guint8 *ephemeral);

/* kith-group-session.c */
typedef struct _KithGroupSession KithGroupSession;

void            kith_group_session_fill_open  (KithNode           *node,
                                               KithSession        *session,
                                               KithBodyOpen       *open);
gboolean        kith_group_session_admits     (KithNode           *node,
                                               KithSession        *session,
                                               const KithBodyOpen *open);
void            kith_group_session_free       (KithGroupSession   *self);
/* kith-group-session-admission.c */
void            kith_group_session_take       (KithNode           *node,
                                               KithSession        *session,
                                               const KithBodyOpen *open);
void            kith_group_session_answered   (KithNode           *node,
                                               KithSession        *session,
                                               const KithBodyOpen *answer);
void            kith_group_session_opened     (KithPeer           *peer);
void            kith_group_session_lost       (KithPeer           *peer);
gboolean        kith_group_session_has_links  (KithPeer           *peer);
void            kith_group_session_refresh    (KithPeer           *peer);
/* kith-group-session-records.c */
gboolean        kith_group_session_receive    (KithPeer           *peer,
                                               KithRecordType      type,
                                               const guint8       *body,
                                               gsize               len);
void            kith_group_session_drained    (KithPeer           *peer);
gboolean        kith_group_session_send       (KithPeer           *peer,
                                               const guint8       *gid,
                                               KithRecordType      type,
                                               const guint8       *body,
                                               gsize               len);
gboolean        kith_group_session_await_room (KithPeer           *peer,
                                               const guint8       *gid);
void            kith_group_session_owe_notes  (KithPeer           *peer,
                                               const guint8       *gid);
/* kith-group-session.c */
void            kith_group_session_mark_joiner (KithPeer          *peer,
                                                const guint8      *gid,
                                                const guint8      *link);
const guint8   *kith_group_session_get_joined (KithPeer           *peer);
const guint8   *kith_group_session_get_link   (KithPeer           *peer);

/* kith-group-whereabouts.c */
void            kith_group_whereabouts_linked        (KithLinkGroup *group,
                                                      KithPeer      *peer);
void            kith_group_whereabouts_author_known  (KithLinkGroup *group,
                                                      KithPeer      *peer);
void            kith_group_whereabouts_look_for      (KithPeer      *peer);
gboolean        kith_group_whereabouts_receive       (KithLinkGroup *group,
                                                      KithPeer      *peer,
                                                      const guint8  *body,
                                                      gsize          len);
void            kith_group_whereabouts_moved         (KithNode      *node);
void            kith_group_whereabouts_await_renewal (KithNode      *node);

G_END_DECLS
