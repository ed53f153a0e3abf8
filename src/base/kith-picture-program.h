/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GSubprocess *kith_picture_program_start (const char *const *arguments,
                                         GError           **error);

G_END_DECLS
