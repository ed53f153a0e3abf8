/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * KithReach:
 * @KITH_REACH_EVERYONE: everyone who has the address may ask
 * @KITH_REACH_PASSPHRASE: contacts, invites, and who knows the passphrase
 * @KITH_REACH_CONTACTS: contacts and invites
 *
 * Who gets an answer from our port (protocol 3.2).
 */
typedef enum
{
  KITH_REACH_EVERYONE,
  KITH_REACH_PASSPHRASE,
  KITH_REACH_CONTACTS,
} KithReach;

const char *kith_reach_get_name  (KithReach   self);
gboolean    kith_reach_from_name (KithReach  *self,
                                  const char *name);

G_END_DECLS
