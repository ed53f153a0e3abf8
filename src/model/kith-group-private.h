/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/kith-group.h"

G_BEGIN_DECLS

/* For kith-group.c, which has what a group is, and kith-group-people.c, which has who is in it, who
 * wants to be, and who decides. */

struct _KithGroup
{
  GObject         parent_instance;
  guint8          id[KITH_GROUP_ID_BYTES];
  char           *id_hex;      /* (owned) */
  char           *name;        /* (owned) */
  char           *topic;       /* (owned) */
  GBytes         *picture;     /* (owned) (nullable) */
  KithMembership  state;
  KithContact    *inviter;     /* (owned) (nullable) */
  KithGroupRules policy;
  GListStore     *members;     /* (owned) KithMember, the current ones */
  GHashTable     *known;       /* (owned) identity -> KithMember, all there ever were */
  KithMember     *admin;       /* (owned) (nullable) */
  GListStore     *requests;    /* (owned) KithJoinRequest, oldest first */
  KithMember     *transfer_to; /* (owned) (nullable) */
  gboolean        can_endorse;
  gboolean        can_claim;
  guint           unread_mentions;
  gboolean        mentions_only;
  GPtrArray      *missing;     /* (owned) KithGroupMissing */
  gboolean        needs_key;
  char           *link;        /* (owned) (nullable) */
  gint64          link_expires_ms;
};

enum
{
  PROP_0,
  PROP_ID,
  PROP_NAME,
  PROP_TOPIC,
  PROP_PICTURE,
  PROP_STATE,
  PROP_MEMBERS,
  PROP_N_MEMBERS,
  PROP_ADMIN,
  PROP_IS_ADMIN,
  PROP_REQUESTS,
  PROP_INVITER,
  PROP_POLICY,
  PROP_TRANSFER_TO,
  PROP_CAN_ENDORSE,
  PROP_CAN_CLAIM,
  PROP_UNREAD_MENTIONS,
  PROP_MENTIONS_ONLY,
  PROP_MISSING,
  PROP_NEEDS_KEY,
  PROP_LINK,
  PROP_LINK_EXPIRES,
  N_PROPS
};

void kith_group_notify   (KithGroup *self,
                          guint      prop_id);
void kith_group_set_flag (KithGroup *self,
                          gboolean  *field,
                          gboolean   value,
                          guint      prop_id);

G_END_DECLS
