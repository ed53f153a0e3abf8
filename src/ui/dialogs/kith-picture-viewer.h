/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "model/kith-transfer.h"
#include "node/kith-node.h"

G_BEGIN_DECLS

#define KITH_TYPE_PICTURE_VIEWER (kith_picture_viewer_get_type ())
G_DECLARE_FINAL_TYPE (KithPictureViewer, kith_picture_viewer, KITH, PICTURE_VIEWER, AdwWindow)

GtkWidget *kith_picture_viewer_new (GtkWindow    *parent,
                                    KithNode     *node,
                                    KithTransfer *transfer);

G_END_DECLS
