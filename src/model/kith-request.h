/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "model/kith-model-types.h"

G_BEGIN_DECLS

#define KITH_TYPE_REQUEST (kith_request_get_type ())
G_DECLARE_FINAL_TYPE (KithRequest, kith_request, KITH, REQUEST, GObject)

/* Somebody who asks to become our contact (protocol 4.1a, 6.3). Name and text are their own
 * words: sanitised plain text, never markup. Properties: "id", "name" (may be empty), "text"
 * (may be empty), "time" (ms since 1970, of the first time they asked), "online" (their session
 * is open now), "address" (where they called from, nullable), "name-taken" (a contact of ours
 * already shows this name: warn, attack 17). */

KithRequest  *kith_request_new            (const guint8 identity[KITH_IDENTITY_BYTES],
                                           const char  *id,
                                           gint64       time_ms);
const guint8 *kith_request_get_identity   (KithRequest *self);
const char   *kith_request_get_id         (KithRequest *self);
gint64        kith_request_get_time_ms    (KithRequest *self);
const char   *kith_request_get_name       (KithRequest *self);
void          kith_request_set_name       (KithRequest *self,
                                           const char  *name);
const char   *kith_request_get_text       (KithRequest *self);
void          kith_request_set_text       (KithRequest *self,
                                           const char  *text);
const char   *kith_request_get_address    (KithRequest *self);
void          kith_request_set_address    (KithRequest *self,
                                           const char  *address);
gboolean      kith_request_get_online     (KithRequest *self);
void          kith_request_set_online     (KithRequest *self,
                                           gboolean     online);
gboolean      kith_request_get_name_taken (KithRequest *self);
void          kith_request_set_name_taken (KithRequest *self,
                                           gboolean     name_taken);

G_END_DECLS
