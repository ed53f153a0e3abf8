/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is read once for all of libkith. Who needs these headers includes them. */
#include <gio/gio.h>

#undef G_LOG_DOMAIN /* each file says its own */
