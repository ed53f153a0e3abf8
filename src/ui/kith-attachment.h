/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "model/kith-transfer.h"

G_BEGIN_DECLS

#define KITH_TYPE_ATTACHMENT (kith_attachment_get_type ())
G_DECLARE_FINAL_TYPE (KithAttachment, kith_attachment, KITH, ATTACHMENT, GtkWidget)

GtkWidget *kith_attachment_new          (void);
void       kith_attachment_set_transfer (KithAttachment *self,
                                         KithTransfer   *transfer);
gboolean   kith_attachment_activate     (KithAttachment *self);

G_END_DECLS
