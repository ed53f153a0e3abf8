/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "proto/kith-body.h"
#include "proto/kith-group-entry.h"

G_BEGIN_DECLS

#define KITH_GROUP_TARGET_BYTES 16 /* the first bytes of an entry's id: what messages go by */

typedef enum
{
  KITH_GROUP_CONTENT_UNKNOWN, /* of a later version */
  KITH_GROUP_CONTENT_TEXT,
  KITH_GROUP_CONTENT_EDIT,
  KITH_GROUP_CONTENT_DELETE,
  KITH_GROUP_CONTENT_REACTION,
  KITH_GROUP_CONTENT_TOPIC,
  KITH_GROUP_CONTENT_FILE,
} KithGroupContentKind;

/**
 * KithGroupContent:
 * @kind: what it is
 * @text: (nullable): of a text, an edit or a topic: fit to be shown. Of a reaction: the emoji, or "" to
 *   take it back
 * @has_target: whether there is a @target
 * @target: the message that is edited, deleted, reacted to, or answered, also with a file
 * @ttl_s: of a text or a file: after how many seconds it disappears; 0 = never
 * @file: (nullable): of a file: its offer
 *
 * The content of an entry of kind %KITH_GROUP_ENTRY_MESSAGE (protocol 10.3).
 */
typedef struct
{
  KithGroupContentKind kind;
  char                *text; /* (owned) (nullable) */
  gboolean             has_target;
  guint8               target[KITH_GROUP_TARGET_BYTES];
  guint32              ttl_s;
  KithBodyFile        *file; /* (owned) (nullable) */
} KithGroupContent;

GBytes  *kith_group_content_pack   (const KithGroupContent *self);
gboolean kith_group_content_unpack (KithGroupContent       *self,
                                    const guint8           *data,
                                    gsize                   len);
void     kith_group_content_clear  (KithGroupContent       *self);

/* The content of the entries that are not messages. */
typedef struct
{
  guint8 author[KITH_GROUP_KEY_BYTES];       /* OFFER, DENY: whom it is about */
  guint8 prev[KITH_GROUP_ID_BYTES];          /* OFFER, ACCEPT, DECLINE: on which operation */
  guint8 acceptance[KITH_SIGNATURE_BYTES];   /* ACCEPT */
} KithGroupControl;

GBytes  *kith_group_control_pack   (KithGroupEntryKind      kind,
                                    const KithGroupControl *self);
gboolean kith_group_control_unpack (KithGroupControl       *self,
                                    KithGroupEntryKind      kind,
                                    const guint8           *data,
                                    gsize                   len);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KithGroupContent, kith_group_content_clear)

G_END_DECLS
