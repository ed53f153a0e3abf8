/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "proto/kith-group-entry.h"

G_BEGIN_DECLS

/**
 * KithGroupEffectType:
 * @KITH_GROUP_EFFECT_STORE_OP: @bytes is an operation to keep, @time_ms when it came. It may
 *   be there already, then nothing is to be done
 * @KITH_GROUP_EFFECT_STORE_ENTRY: @entry is to be kept under (author, seq), in place of what may be
 *   there; without content if it has none: @redacted, if that is not to be asked for
 * @KITH_GROUP_EFFECT_STORE_STATE: @bytes is the small state, in place of the one before
 * @KITH_GROUP_EFFECT_FORGET_ENTRIES: entries of @author from @seq on are to be removed: they are
 *   of the wrong branch of a fork
 * @KITH_GROUP_EFFECT_SEND: a record of type @record with the body @bytes is to go to @link
 * @KITH_GROUP_EFFECT_LOAD: @n entries of @author from @seq on are wanted:
 *   kith_group_replica_loaded() with @token
 * @KITH_GROUP_EFFECT_MESSAGE: @entry may be shown; @late if it took more than ten minutes to come, @n
 *   1 if later ones of its author came before it.
 *   May come twice for one id: the second time with a content that was missing before
 * @KITH_GROUP_EFFECT_SHOW: stored entries of @author from @seq to @to_seq may be shown from now on:
 *   their time has come, or what hid them is gone
 * @KITH_GROUP_EFFECT_HIDE: entries of @author from @seq on are not to be shown (any longer):
 *   fork, cut-off, or an author who turned out to be no member
 * @KITH_GROUP_EFFECT_EVENT: something happened that people may want to know: @event
 * @KITH_GROUP_EFFECT_STATUS: the member @author says what has been delivered to and read by them:
 *   kith_group_replica_get_status()
 * @KITH_GROUP_EFFECT_WANT_LINKS: kith_group_replica_get_wanted() has changed
 * @KITH_GROUP_EFFECT_DROP_LINK: the peer of @link broke the protocol, or is not to talk to
 *   us in this group any more
 * @KITH_GROUP_EFFECT_REQUEST: @bytes is a join request (proto/kith-group-join.h) that waits for
 *   us, the admin; @author its author key. Shown until it is settled
 * @KITH_GROUP_EFFECT_REQUEST_SETTLED: the one with the author key @author waits no more; @n is a
 *   #KithGroupVerdict
 * @KITH_GROUP_EFFECT_ADMIN_OFFERED: the admin asks us to become admin:
 *   kith_group_replica_accept_transfer() if the user wants to
 * @KITH_GROUP_EFFECT_PICTURE: @bytes is the group's picture from now on, to be kept and shown; none:
 *   there is none any more. Nobody has looked into it: it may be anything
 *
 * What a replica wants done. Effects are in order: the host commits every STORE_, FORGET_ENTRIES
 * and PICTURE before it carries out what comes after them, so that what we say we have is on the
 * disk. One transaction for all that is taken at once will do.
 */
typedef enum
{
  KITH_GROUP_EFFECT_STORE_OP,
  KITH_GROUP_EFFECT_STORE_ENTRY,
  KITH_GROUP_EFFECT_STORE_STATE,
  KITH_GROUP_EFFECT_FORGET_ENTRIES,
  KITH_GROUP_EFFECT_SEND,
  KITH_GROUP_EFFECT_LOAD,
  KITH_GROUP_EFFECT_MESSAGE,
  KITH_GROUP_EFFECT_SHOW,
  KITH_GROUP_EFFECT_HIDE,
  KITH_GROUP_EFFECT_EVENT,
  KITH_GROUP_EFFECT_STATUS,
  KITH_GROUP_EFFECT_WANT_LINKS,
  KITH_GROUP_EFFECT_DROP_LINK,
  KITH_GROUP_EFFECT_REQUEST,
  KITH_GROUP_EFFECT_REQUEST_SETTLED,
  KITH_GROUP_EFFECT_ADMIN_OFFERED,
  KITH_GROUP_EFFECT_PICTURE,
} KithGroupEffectType;

/**
 * KithGroupEvent:
 * @KITH_GROUP_EVENT_CREATED: @who created the group @text
 * @KITH_GROUP_EVENT_JOINED: @by added @who
 * @KITH_GROUP_EVENT_LEFT: @who left
 * @KITH_GROUP_EVENT_KICKED: @by removed @who
 * @KITH_GROUP_EVENT_ADMIN: @who is admin from now on; @by was, or zeros after a succession
 * @KITH_GROUP_EVENT_RENAMED: @by named the group @text
 * @KITH_GROUP_EVENT_PICTURE: @by gave the group another picture (@number 1), or took it away (0)
 * @KITH_GROUP_EVENT_POLICY: @by changed the rules
 * @KITH_GROUP_EVENT_NEW_KEY: @who has the new author key @by, after a restore or on a new machine
 * @KITH_GROUP_EVENT_FORKED: @who wrote two different histories, from number @number on: a
 *   restored backup or a stolen machine
 * @KITH_GROUP_EVENT_FROZEN: the admin @who made contradicting operations; nothing but a
 *   succession can go on from here
 * @KITH_GROUP_EVENT_THAWED: a frozen group goes on
 * @KITH_GROUP_EVENT_SPLIT: others follow an operation that contradicts one that is settled here
 * @KITH_GROUP_EVENT_MISSING: @number messages of @who are missing, and @by has them; 0: no more
 * @KITH_GROUP_EVENT_CAN_ENDORSE: the admin is gone for so long that members may agree on another
 *   (@number 1), or is back (0)
 * @KITH_GROUP_EVENT_ENDORSED: @by is for @who as the new admin; @number are so far
 * @KITH_GROUP_EVENT_MEMBER: we are a member now: what was asked for is granted
 * @KITH_GROUP_EVENT_GONE: we are none any more: kicked, or left
 * @KITH_GROUP_EVENT_NEEDS_KEY: this replica may not write until the admin gave it a new author
 *   key (@number 1), or may again (0)
 * @KITH_GROUP_EVENT_SECRET: kith_group_replica_get_secret() has changed
 * @KITH_GROUP_EVENT_TRANSFER_DECLINED: @who does not want to be admin
 */
typedef enum
{
  KITH_GROUP_EVENT_CREATED,
  KITH_GROUP_EVENT_JOINED,
  KITH_GROUP_EVENT_LEFT,
  KITH_GROUP_EVENT_KICKED,
  KITH_GROUP_EVENT_ADMIN,
  KITH_GROUP_EVENT_RENAMED,
  KITH_GROUP_EVENT_POLICY,
  KITH_GROUP_EVENT_NEW_KEY,
  KITH_GROUP_EVENT_FORKED,
  KITH_GROUP_EVENT_FROZEN,
  KITH_GROUP_EVENT_THAWED,
  KITH_GROUP_EVENT_SPLIT,
  KITH_GROUP_EVENT_MISSING,
  KITH_GROUP_EVENT_CAN_ENDORSE,
  KITH_GROUP_EVENT_ENDORSED,
  KITH_GROUP_EVENT_MEMBER,
  KITH_GROUP_EVENT_GONE,
  KITH_GROUP_EVENT_NEEDS_KEY,
  KITH_GROUP_EVENT_SECRET,
  KITH_GROUP_EVENT_TRANSFER_DECLINED,
  KITH_GROUP_EVENT_PICTURE,
} KithGroupEvent;

/* How a join request ended. */
typedef enum
{
  KITH_GROUP_VERDICT_ADDED,
  KITH_GROUP_VERDICT_DENIED,
  KITH_GROUP_VERDICT_EXPIRED,
} KithGroupVerdict;

/**
 * KithGroupEffect:
 *
 * One of them; which fields mean something stands at its type. Keys in @who and @by are author
 * keys, zeros where there is nobody.
 */
typedef struct
{
  KithGroupEffectType type;
  guint8              author[KITH_GROUP_KEY_BYTES];
  guint64             seq;
  guint64             to_seq;
  guint               n;
  guint64             token;
  guint               link;
  guint8              record;
  GBytes             *bytes; /* (owned) (nullable) */
  KithGroupEntry     *entry; /* (owned) (nullable) */
  gboolean            late;
  gboolean            redacted;
  gint64              time_ms; /* of an event: when it happened, unix time */
  KithGroupEvent      event;
  guint8              op_id[KITH_GROUP_ID_BYTES]; /* of an event: the operation that says so, or zeros:
                                                     the same event may come again, after a reorganisation */
  guint8              who[KITH_GROUP_KEY_BYTES];
  guint8              by[KITH_GROUP_KEY_BYTES];
  char               *text; /* (owned) (nullable): sanitised */
  guint64             number;
} KithGroupEffect;

KithGroupEffect *kith_group_effect_new  (KithGroupEffectType type);
void             kith_group_effect_free (KithGroupEffect    *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithGroupEffect, kith_group_effect_free)

G_END_DECLS
