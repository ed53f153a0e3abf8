/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/kith-bytes.h"

G_BEGIN_DECLS

void kith_gif_skip_blocks  (KithReader *reader);
void kith_gif_skip_colours (KithReader *reader,
                            guint8      flags);

G_END_DECLS
