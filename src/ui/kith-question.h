/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* A question with two answers, "cancel" and another one. */

AdwMessageDialog *kith_question_new (GtkWidget            *asker,
                                     const char           *heading,
                                     const char           *body,
                                     const char           *response,
                                     const char           *label,
                                     AdwResponseAppearance appearance);

G_END_DECLS
