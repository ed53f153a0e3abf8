/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-group-invites.h"
#include "node/kith-node-invites-private.h"

G_BEGIN_DECLS

/* kith-group-invites.c: links of ours. */
KithInvitation *kith_group_invites_find_live  (KithNode           *node,
                                               const guint8       *gid,
                                               const guint8       *id);
KithInvitation *kith_group_invites_find_proven (KithPeer          *peer,
                                                const guint8      *gid,
                                                const guint8      *body,
                                                gsize              len);
gboolean        kith_group_invites_admits     (KithNode           *node,
                                               KithSession        *session,
                                               const KithBodyOpen *open);
void            kith_group_invites_admitted   (KithPeer           *peer,
                                               const guint8       *id);
KithOwnInvite  *kith_group_invites_get_visit  (KithNode           *node,
                                               KithSession        *session);
void            kith_group_invites_fill_open  (const KithOwnInvite *invite,
                                               KithSession        *session,
                                               KithBodyOpen       *open);
void            kith_group_invites_note_away  (KithNode           *node,
                                               const guint8       *gid,
                                               const guint8       *identity);
void            kith_group_invites_revoked    (const KithOwnInvite *invite);
void            kith_group_invites_session_closed (KithNode       *node,
                                                   KithSession    *session);

/* kith-followed-links.c: a link of somebody else that we use. */
typedef struct
{
  KithNode        *node;    /* (unowned) */
  KithStoreInvite *row;     /* (owned) */
  guint8           gid[KITH_GROUP_ID_BYTES];
  guint8           root[KITH_INVITE_ROOT_BYTES];
  guint8           reply_key[KITH_INVITE_KEY_BYTES];
  KithMeeting     *meeting; /* (owned) (nullable) */
} KithFollowedLink;

void            kith_followed_link_free         (gpointer               data);
gboolean        kith_followed_links_restore     (KithNode              *node,
                                                 const KithStoreInvite *row);
void            kith_followed_links_begin       (KithNode              *node,
                                                 const guint8          *gid);
const guint8   *kith_followed_links_get_root    (KithNode              *node,
                                                 const guint8          *identity);
gboolean        kith_followed_links_match_knock (KithNode              *node,
                                                 const guint8          *tag,
                                                 const guint8          *ephemeral);
void            kith_followed_links_fill_open   (KithNode              *node,
                                                 KithSession           *session,
                                                 KithBodyOpen          *open);
gboolean        kith_followed_links_admits      (KithNode              *node,
                                                 KithSession           *session,
                                                 const KithBodyOpen    *open);
void            kith_followed_links_update      (KithNode              *node);
void            kith_followed_links_expire      (KithNode              *node);

G_END_DECLS
