/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is read once for all of src/ui. Who needs these headers includes them. */
#include <adwaita.h>

#undef G_LOG_DOMAIN /* each file says its own */
