/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-person-colour.h"

static const char *const classes[KITH_PERSON_COLOURS] = {
  "person-0", "person-1", "person-2", "person-3", "person-4", "person-5", "person-6", "person-7",
};

void
kith_person_colour_set (GtkWidget *widget, const guint8 *identity)
{
  for (guint i = 0; i < KITH_PERSON_COLOURS; i++)
    gtk_widget_remove_css_class (widget, classes[i]);

  /* A key is as good as random in each of its bytes. */
  if (identity != NULL)
    gtk_widget_add_css_class (widget, classes[identity[0] % KITH_PERSON_COLOURS]);
}
