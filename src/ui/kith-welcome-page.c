/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-welcome-page.h"

#include <glib/gi18n.h>

#include "ui/kith-name-input.h"

struct _KithWelcomePage
{
  AdwBin parent_instance;

  GtkWidget *name_row;
  GtkLabel *hint_label;
  GtkWidget *start_button;
  GtkWidget *restore_button;
  GtkWidget *memory_label;
};

enum
{
  SIGNAL_START,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithWelcomePage, kith_welcome_page, ADW_TYPE_BIN)

static void
changed_cb (KithWelcomePage *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->name_row));
  const char *complaint;
  gboolean good = kith_name_input_check (text, &complaint);

  gtk_widget_set_sensitive (self->start_button, good);
  gtk_label_set_text (self->hint_label,
                      complaint != NULL ? complaint
                                        : _("Friends see this name. You can change it at any time."));

  if (complaint != NULL)
    gtk_widget_add_css_class (self->name_row, "error");
  else
    gtk_widget_remove_css_class (self->name_row, "error");
}

static void
start_cb (KithWelcomePage *self)
{
  if (gtk_widget_get_sensitive (self->start_button))
    g_signal_emit (self, signals[SIGNAL_START], 0,
                   gtk_editable_get_text (GTK_EDITABLE (self->name_row)));
}

static void
kith_welcome_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), KITH_TYPE_WELCOME_PAGE);

  G_OBJECT_CLASS (kith_welcome_page_parent_class)->dispose (object);
}

static void
kith_welcome_page_class_init (KithWelcomePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_welcome_page_dispose;

  signals[SIGNAL_START] = g_signal_new ("start", KITH_TYPE_WELCOME_PAGE, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, "/chat/kith/Kith/kith-welcome-page.ui");
  gtk_widget_class_bind_template_child (widget_class, KithWelcomePage, name_row);
  gtk_widget_class_bind_template_child (widget_class, KithWelcomePage, hint_label);
  gtk_widget_class_bind_template_child (widget_class, KithWelcomePage, start_button);
  gtk_widget_class_bind_template_child (widget_class, KithWelcomePage, restore_button);
  gtk_widget_class_bind_template_child (widget_class, KithWelcomePage, memory_label);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, start_cb);
}

static void
kith_welcome_page_init (KithWelcomePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * kith_welcome_page_focus:
 * @self: a page
 *
 * Puts the cursor into the name.
 */
void
kith_welcome_page_focus (KithWelcomePage *self)
{
  g_return_if_fail (KITH_IS_WELCOME_PAGE (self));

  gtk_widget_grab_focus (self->name_row);
}

/**
 * kith_welcome_page_set_busy:
 * @self: a page
 * @busy: whether the identity is being made
 */
void
kith_welcome_page_set_busy (KithWelcomePage *self, gboolean busy)
{
  g_return_if_fail (KITH_IS_WELCOME_PAGE (self));

  gtk_editable_set_editable (GTK_EDITABLE (self->name_row), !busy);
  gtk_widget_set_sensitive (self->start_button, !busy);
}

/**
 * kith_welcome_page_set_kind:
 * @self: a page
 * @can_restore: whether a backup can take the place of a new identity
 * @in_memory: whether nothing will be kept
 */
void
kith_welcome_page_set_kind (KithWelcomePage *self, gboolean can_restore, gboolean in_memory)
{
  g_return_if_fail (KITH_IS_WELCOME_PAGE (self));

  gtk_widget_set_visible (self->restore_button, can_restore);
  gtk_widget_set_visible (self->memory_label, in_memory);
}
