/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kith-group.pb-c.h"
#include "proto/kith-body-private.h"
#include "proto/kith-group-body.h"

G_BEGIN_DECLS

/* What the files of the group's bodies share. */

GBytes *kith_group_pack (const ProtobufCMessage *message);

G_END_DECLS
