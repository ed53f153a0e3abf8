/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/kith-secret.h"
#include "model/kith-contact.h"
#include "model/kith-invitation.h"
#include "node/kith-node.h"
#include "proto/kith-record.h"

G_BEGIN_DECLS

/* Links between members of groups: which sessions there are with whom, who is dialled and met, and
 * what of a group may flow on each. Protocol 3.2, 4.1b, 7, 10.4. Main thread.
 *
 * A **link** is a group on a session: it is there when both sides have said that they take the other
 * for a member of that group. A session carries any number of links, and each pair of people has one
 * session: that of contacts when they are contacts, else one of purpose 3, on which nothing but
 * group records, PROFILE, ENDPOINTS and the like may flow.
 *
 * The host of the groups tells what is so (groups, members, whom it wants to be linked with) and hears
 * what happens. It knows nothing of sessions, and this file nothing of operations and entries.
 *
 * All pointers to 32 bytes named @gid and @identity are borrowed for the call. */

/**
 * KithGroupLinksEvents:
 * @linked: from now on group records flow between us and @identity. It begins anew: nothing that was
 *   said on an earlier link is remembered by the other side
 * @unlinked: no more: the session is gone, or one of both does not take the other for a member
 * @record: a group record came over a link; @body without the 16 bytes that name the group. GROUP_PEERS
 *   and GROUP_SHARED are dealt with here and never come. %FALSE: it is malformed: the session is
 *   closed
 * @drained: there is room again after kith_group_links_send() or kith_group_links_await_room() said
 *   that there is none
 * @reachable: there is a session with @identity, whom *we* take for a member, but they do not (yet)
 *   take us for one: we are about to join. GROUP_JOIN may be sent to them. Told once for each session
 * @outside: GROUP_JOIN or GROUP_ANSWER came from @identity, with whom the group is not linked.
 *   @link: (nullable): they have proved to have this link of ours, which is live; %NULL: they are a
 *   contact, or we take them for a member. What the body says of itself is still to be checked.
 *   %FALSE: it is malformed: the session is closed
 *
 * What the host hears. It may call anything of this file from within.
 */
typedef struct
{
  void     (*linked)    (const guint8   *gid,
                         const guint8   *identity,
                         gpointer        user_data);
  void     (*unlinked)  (const guint8   *gid,
                         const guint8   *identity,
                         gpointer        user_data);
  gboolean (*record)    (const guint8   *gid,
                         const guint8   *identity,
                         KithRecordType  type,
                         const guint8   *body,
                         gsize           len,
                         gpointer        user_data);
  void     (*drained)   (const guint8   *gid,
                         const guint8   *identity,
                         gpointer        user_data);
  void     (*reachable) (const guint8   *gid,
                         const guint8   *identity,
                         gpointer        user_data);
  gboolean (*outside)   (const guint8   *gid,
                         const guint8   *identity,
                         KithInvitation *link,
                         KithRecordType  type,
                         const guint8   *body,
                         gsize           len,
                         gpointer        user_data);
} KithGroupLinksEvents;

/* @events: (nullable): static */
void         kith_group_links_set_events    (KithNode                   *node,
                                             const KithGroupLinksEvents *events,
                                             gpointer                    user_data);

/* --- What is so ----------------------------------------------------------------------------- */

/* We are in @gid, or about to join it. @author_seed: (transfer none): the 32 bytes that our author key
 * there is made of; another one replaces it. Does nothing else when the group is known already. */
void         kith_group_links_put_group     (KithNode                   *node,
                                             const guint8               *gid,
                                             KithSecret                 *author_seed);

/* We have left, or were kicked: every link of @gid ends, and with it the sessions that were there for
 * nothing else. */
void         kith_group_links_drop_group    (KithNode                   *node,
                                             const guint8               *gid);

/* grp_rdv of protocol 10.4: how members who are no contacts find each other. @former: (nullable): the
 * one before, for those who have not heard of the new one yet; it is forgotten after a day. Both (nullable) (transfer none). */
void         kith_group_links_set_secret    (KithNode                   *node,
                                             const guint8               *gid,
                                             KithSecret                 *secret,
                                             KithSecret                 *former);

/* @identity is a member of @gid with the author key @author (another one replaces it). @author:
 * (nullable): we are about to join, and this is who brings us in. When there is a session already the
 * link follows by itself. Our own identity is ignored. */
void         kith_group_links_put_member    (KithNode                   *node,
                                             const guint8               *gid,
                                             const guint8               *identity,
                                             const guint8               *author);

/* We are a member now, and everybody who is one was put with their author key: whoever brought us in and
 * is none is dropped, and the link that led here (kith_group_invite_follow()) is forgotten. */
void         kith_group_links_joined        (KithNode                   *node,
                                             const guint8               *gid);

/* They are no member any more: the link ends at once, and a session that is there for nothing else. */
void         kith_group_links_drop_member   (KithNode                   *node,
                                             const guint8               *gid,
                                             const guint8               *identity);

/* With whom @gid wants to be linked: they are dialled, and met in the DHT, while they are absent.
 * Replaces what was wanted of this group; those at the front matter most. Identities that are not
 * members are left out. Contacts are looked for in any case. */
void         kith_group_links_want          (KithNode                   *node,
                                             const guint8               *gid,
                                             const guint8 (*identities)[KITH_IDENTITY_BYTES],
                                             guint                       n);

/* --- Sending -------------------------------------------------------------------------------- */

/* Sends a record over the link, or outside of one: GROUP_JOIN and GROUP_ANSWER go to whoever has a
 * session with us. @body is put behind the name of the group, 16 bytes.
 * Returns: whether it was taken. If not, there is no session, or no room: `drained` tells of room. */
gboolean     kith_group_links_send          (KithNode                   *node,
                                             const guint8               *gid,
                                             const guint8               *identity,
                                             KithRecordType              type,
                                             const guint8               *body,
                                             gsize                       len);
/* Whether what was sent has left, or nearly so. If not, `drained` tells when it has. */
gboolean     kith_group_links_await_room    (KithNode                   *node,
                                             const guint8               *gid,
                                             const guint8               *identity);
/* Ends the session with @identity, who does not take what is sent: it begins anew. */
void         kith_group_links_cut           (KithNode                   *node,
                                             const guint8               *identity);
gboolean     kith_group_links_is_linked     (KithNode                   *node,
                                             const guint8               *gid,
                                             const guint8               *identity);

/* The admin said no to somebody who came with a link of ours: their session ends, and they are not let
 * in with a link to this group again while this program runs. */
void         kith_group_links_turn_away     (KithNode                   *node,
                                             const guint8               *gid,
                                             const guint8               *identity);

/* --- People --------------------------------------------------------------------------------- */

/* (transfer none): the object of somebody who is, or was, in a group with us: that of the contact if
 * they are one, else one with the relation %KITH_RELATION_MEMBER, which is in no list and is made and
 * stored when it is not there yet. It stays the same object when they become a contact, and when they
 * cease to be one. %NULL for ourselves. */
KithContact *kith_group_links_get_contact   (KithNode                   *node,
                                             const guint8               *identity);

/* What somebody is called whom we have never met ourselves, as others have it (GROUP_JOIN). Has no
 * effect on those who have told us their name. @name: untrusted, is sanitised. */
void         kith_group_links_hint_name     (KithNode                   *node,
                                             const guint8               *identity,
                                             const char                 *name);

/* Nothing that is kept is about them any more: those who are mere co-members, of no group of ours now,
 * are forgotten. @identities: @n pointers to 32 bytes. */
void         kith_group_links_forget        (KithNode                   *node,
                                             const guint8 *const        *identities,
                                             guint                       n);

G_END_DECLS
