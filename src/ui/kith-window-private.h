/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/kith-window.h"

G_BEGIN_DECLS

/* Between kith-window.c and kith-window-actions.c. */

void kith_window_install_actions (GtkWidgetClass *widget_class);
void kith_window_open            (KithWindow     *self,
                                  GObject        *item);
void kith_window_step            (KithWindow     *self,
                                  int             step);
void kith_window_back            (KithWindow     *self);
void kith_window_search          (KithWindow     *self);

G_END_DECLS
