/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What somebody who asks to be accepted writes with it. */

const char *kith_request_input_check (const char *text);

G_END_DECLS
