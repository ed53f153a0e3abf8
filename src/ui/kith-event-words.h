/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/kith-message.h"

G_BEGIN_DECLS

/* Returns: (transfer full): what a line of the kind EVENT says */
char *kith_event_dup_words (KithMessage *message);

G_END_DECLS
