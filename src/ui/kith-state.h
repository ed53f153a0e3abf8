/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "model/kith-contact.h"
#include "model/kith-group.h"
#include "model/kith-message.h"

G_BEGIN_DECLS

/* How states look and read. */

const char *kith_state_icon_name     (KithMessageState  state);
const char *kith_state_get_words     (KithMessageState  state);
char       *kith_state_dup_words     (KithMessage      *message);
char       *kith_state_dup_presence  (KithContact      *contact);
char       *kith_state_dup_group     (KithGroup        *group);
char       *kith_state_dup_line      (KithMessage      *message);
char       *kith_state_dup_verified  (KithContact      *contact);
char       *kith_state_dup_time      (KithMessage      *message);

G_END_DECLS
