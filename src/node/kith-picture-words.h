/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/kith-picture-header.h"

G_BEGIN_DECLS

GError *kith_picture_words_new_error (KithPictureVerdict verdict);

G_END_DECLS
