/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-welcome-page.h"

#include <glib/gi18n.h>

#include "ui/kith-entry-state.h"
#include "ui/kith-keys.h"
#include "ui/kith-name-input.h"

struct _KithWelcomePage
{
  AdwBin parent_instance;

  GtkWidget *back_button;
  AdwWindowTitle *step_title;
  GtkStack *stack;
  GtkWidget *next_button;
  AdwStatusPage *name_page;
  GtkWidget *name_row;
  GtkLabel *hint_label;
  GtkWidget *start_button;
  GtkWidget *memory_label;

  gboolean is_first_start; /* what Kith is comes before the name */
};

enum
{
  SIGNAL_START,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithWelcomePage, kith_welcome_page, ADW_TYPE_BIN)

static gboolean
asks_name (KithWelcomePage *self)
{
  return g_str_equal (gtk_stack_get_visible_child_name (self->stack), "name");
}

/* Shows one of both steps. */
static void
show_step (KithWelcomePage *self, const char *step)
{
  gtk_stack_set_visible_child_name (self->stack, step);
  gtk_widget_set_visible (self->back_button, self->is_first_start && asks_name (self));
  adw_window_title_set_title (self->step_title, !self->is_first_start ? ""
                                                : asks_name (self)    ? _("Step 2 of 3")
                                                                      : _("Step 1 of 3"));
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    kith_welcome_page_focus (self);
}

static void
next_cb (KithWelcomePage *self)
{
  show_step (self, "name");
}

static void
back_cb (KithWelcomePage *self)
{
  show_step (self, "hello");
}

static gboolean
back_key_cb (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  KithWelcomePage *self = KITH_WELCOME_PAGE (widget);

  if (!kith_keys_is_back (widget, arguments) || !gtk_widget_get_visible (self->back_button)
      || !gtk_widget_get_sensitive (self->back_button))
    return GDK_EVENT_PROPAGATE;

  back_cb (self);

  return GDK_EVENT_STOP;
}

/* What the computer calls its user, when that is more than what they log in with. */
static char *
dup_usual_name (void)
{
  g_autofree char *name = g_filename_to_utf8 (g_get_real_name (), -1, NULL, NULL, NULL);
  const char *complaint;

  if (name == NULL || g_str_equal (name, "Unknown") || g_strcmp0 (name, g_get_user_name ()) == 0
      || !kith_name_input_check (name, &complaint))
    return g_strdup ("");

  return g_steal_pointer (&name);
}

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

  kith_entry_state_complain (self->name_row, complaint, GTK_WIDGET (self->hint_label));
}

static void
start_cb (KithWelcomePage *self)
{
  if (gtk_widget_get_sensitive (self->start_button))
    g_signal_emit (self, signals[SIGNAL_START], 0,
                   gtk_editable_get_text (GTK_EDITABLE (self->name_row)));
  else
    kith_entry_state_say (GTK_WIDGET (self));
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
  kith_keys_bind_back (widget_class, back_key_cb);
  gtk_widget_class_bind_template_child (widget_class, KithWelcomePage, back_button);
  gtk_widget_class_bind_template_child (widget_class, KithWelcomePage, step_title);
  gtk_widget_class_bind_template_child (widget_class, KithWelcomePage, stack);
  gtk_widget_class_bind_template_child (widget_class, KithWelcomePage, next_button);
  gtk_widget_class_bind_template_child (widget_class, KithWelcomePage, name_page);
  gtk_widget_class_bind_template_child (widget_class, KithWelcomePage, name_row);
  gtk_widget_class_bind_template_child (widget_class, KithWelcomePage, hint_label);
  gtk_widget_class_bind_template_child (widget_class, KithWelcomePage, start_button);
  gtk_widget_class_bind_template_child (widget_class, KithWelcomePage, memory_label);
  gtk_widget_class_bind_template_callback (widget_class, back_cb);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, next_cb);
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
 * Puts the cursor into the name, or the focus on what leads there.
 */
void
kith_welcome_page_focus (KithWelcomePage *self)
{
  g_return_if_fail (KITH_IS_WELCOME_PAGE (self));

  gtk_widget_grab_focus (asks_name (self) ? self->name_row : self->next_button);
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
  gtk_widget_set_sensitive (self->back_button, !busy);
  gtk_widget_set_sensitive (self->start_button, !busy);
}

/**
 * kith_welcome_page_set_kind:
 * @self: a page
 * @first_start: whether nothing is there yet: it says what Kith is, and a backup can take the place
 *   of a new identity
 * @in_memory: whether nothing will be kept
 *
 * Begins from the start.
 */
void
kith_welcome_page_set_kind (KithWelcomePage *self, gboolean first_start, gboolean in_memory)
{
  g_autofree char *name = NULL;

  g_return_if_fail (KITH_IS_WELCOME_PAGE (self));

  self->is_first_start = first_start;
  adw_status_page_set_icon_name (self->name_page,
                                 first_start ? "avatar-default-symbolic" : KITH_APPLICATION_ID);
  adw_status_page_set_title (self->name_page,
                             first_start ? _("What Should Friends Call You?") : _("Welcome to Kith"));
  adw_status_page_set_description (
      self->name_page,
      first_start ? _("Any name will do. It need not be your real one.")
                  : _("Private chat, straight from your computer to your friend’s. No account, no "
                      "server."));
  gtk_widget_set_visible (self->memory_label, in_memory);
  /* Who wants nothing to be kept may not want to be known either. */
  name = in_memory ? g_strdup ("") : dup_usual_name ();
  gtk_editable_set_text (GTK_EDITABLE (self->name_row), name);
  gtk_button_set_label (GTK_BUTTON (self->start_button), first_start ? _("Next")
                                                                     /* Translators: a button: use the program */
                                                                     : _("Start"));
  show_step (self, first_start ? "hello" : "name");
}

/**
 * kith_welcome_page_ask_name:
 * @self: a page
 * @name: (nullable): what was chosen before
 *
 * Goes to the step where the name is asked for.
 */
void
kith_welcome_page_ask_name (KithWelcomePage *self, const char *name)
{
  g_return_if_fail (KITH_IS_WELCOME_PAGE (self));

  if (name != NULL)
    gtk_editable_set_text (GTK_EDITABLE (self->name_row), name);
  show_step (self, "name");
}
