/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "model/kith-model-types.h"

G_BEGIN_DECLS

#define KITH_TYPE_CONTACT (kith_contact_get_type ())
G_DECLARE_FINAL_TYPE (KithContact, kith_contact, KITH, CONTACT, GObject)

/* A person, keyed by identity key and by nothing else (protocol 2).
 *
 * Properties, all readable: "id" (ID string), "name" (what the peer calls itself, nullable),
 * "alias" (what we call them, nullable), "display-name" (alias, name, address or short ID: the
 * first there is; notified whenever one of these changes), "address" (last address as text,
 * nullable), "presence", "last-seen" (ms since 1970, 0 = never), "relation", "verified"
 * (boolean), "name-taken" (another contact goes by the same name), "blocked", "favourite", "note" (ours
 * about them, nullable), "typing" (they are writing to us just now). Setters are for the node; faces go
 * through the node, which stores first. */

KithContact  *kith_contact_new              (const guint8 identity[KITH_IDENTITY_BYTES],
                                             const char  *id);
const guint8 *kith_contact_get_identity     (KithContact *self);
const char   *kith_contact_get_id           (KithContact *self);
const char   *kith_contact_get_display_name (KithContact *self);
int           kith_contact_compare_names    (gconstpointer a,
                                             gconstpointer b,
                                             gpointer      user_data);
const char   *kith_contact_get_name         (KithContact *self);
void          kith_contact_set_name         (KithContact *self,
                                             const char  *name);
const char   *kith_contact_get_alias        (KithContact *self);
void          kith_contact_set_alias        (KithContact *self,
                                             const char  *alias);
const char   *kith_contact_get_address      (KithContact *self);
void          kith_contact_set_address      (KithContact *self,
                                             const char  *address);
KithPresence  kith_contact_get_presence     (KithContact *self);
void          kith_contact_set_presence     (KithContact *self,
                                             KithPresence presence);
gint64        kith_contact_get_last_seen_ms (KithContact *self);
gboolean      kith_contact_is_of_last_hour (KithContact *self,
                                            gint64       now_ms);
void          kith_contact_set_last_seen_ms (KithContact *self,
                                             gint64       last_seen_ms);
KithRelation  kith_contact_get_relation     (KithContact *self);
void          kith_contact_set_relation     (KithContact *self,
                                             KithRelation relation);
KithVerified  kith_contact_get_verified     (KithContact *self);
gint64        kith_contact_get_verified_ms  (KithContact *self);
void          kith_contact_set_verified     (KithContact *self,
                                             KithVerified verified,
                                             gint64       time_ms);
gboolean      kith_contact_get_name_taken   (KithContact *self);
void          kith_contact_set_name_taken   (KithContact *self,
                                             gboolean     name_taken);
gboolean      kith_contact_get_blocked      (KithContact *self);
void          kith_contact_set_blocked      (KithContact *self,
                                             gboolean     blocked);
gboolean      kith_contact_get_favourite    (KithContact *self);
void          kith_contact_set_favourite    (KithContact *self,
                                             gboolean     favourite);
const char   *kith_contact_get_note         (KithContact *self);
void          kith_contact_set_note         (KithContact *self,
                                             const char  *note);
gboolean      kith_contact_get_typing       (KithContact *self);
void          kith_contact_set_typing       (KithContact *self,
                                             gboolean     typing);

G_END_DECLS
