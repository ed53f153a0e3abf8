/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-doctor-dialog.h"

#include <glib/gi18n.h>

#include "node/kith-explain.h"
#include "ui/kith-announce.h"
#include "ui/kith-format.h"
#include "ui/kith-keys.h"
#include "ui/kith-sentence.h"
#include "ui/kith-toast.h"

struct _KithDoctorDialog
{
  AdwWindow parent_instance;

  AdwToastOverlay *toast_overlay;
  AdwWindowTitle *window_title;
  GtkStack *stack;
  GtkSpinner *spinner;
  GtkListBox *list_box;
  AdwStatusPage *error_page;

  KithNode *node;            /* (owned) */
  KithContact *contact;      /* (owned) (nullable) */
  GListModel *findings;      /* (owned) (nullable) of the last check */
  GCancellable *cancellable; /* (owned) (nullable) while it is being checked */
};

G_DEFINE_FINAL_TYPE (KithDoctorDialog, kith_doctor_dialog, ADW_TYPE_WINDOW)

/* --- Findings ------------------------------------------------------------------------------- */

static const char *
get_level_words (KithFindingLevel level)
{
  switch (level)
    {
    case KITH_FINDING_GOOD:
      /* Translators: what a check found: what works, what to know, what does not work */
      return C_("finding", "Works");
    case KITH_FINDING_NOTE:
      return C_("finding", "Note");
    case KITH_FINDING_PROBLEM:
      return C_("finding", "Problem");
    }

  g_return_val_if_reached (NULL);
}

static GtkWidget *
make_icon (KithFindingLevel level)
{
  static const struct
  {
    const char *icon;
    const char *style;
  } looks[] = {
    [KITH_FINDING_GOOD] = { "kith-delivered-symbolic", "success" },
    [KITH_FINDING_NOTE] = { "dialog-information-symbolic", "dim-label" },
    [KITH_FINDING_PROBLEM] = { "kith-failed-symbolic", "error" },
  };
  GtkWidget *image = gtk_image_new_from_icon_name (looks[level].icon);

  gtk_widget_add_css_class (image, looks[level].style);
  gtk_accessible_update_property (GTK_ACCESSIBLE (image), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  get_level_words (level), -1);

  return image;
}

static void
append_part (GString *text, const char *part)
{
  if (part == NULL || *part == '\0')
    return;

  if (text->len > 0)
    g_string_append_c (text, '\n');
  g_string_append (text, part);
}

/* What was found, what to do about it, and when that was if it was not just now. */
static char *
dup_words (KithFinding *finding)
{
  GString *text = g_string_new (NULL);
  gint64 time_ms = kith_finding_get_time_ms (finding);

  append_part (text, kith_finding_get_detail (finding));
  append_part (text, kith_finding_get_advice (finding));
  if (time_ms > 0)
    {
      g_autofree char *time = kith_format_full_time (time_ms);

      append_part (text, time);
    }

  return g_string_free (text, FALSE);
}

static GtkWidget *
create_row_cb (gpointer item, gpointer user_data)
{
  KithFinding *finding = item;
  g_autofree char *words = dup_words (finding);
  g_autofree char *label = NULL;
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), kith_finding_get_title (finding));
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), words);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row),
                             make_icon (kith_finding_get_level (finding)));

  /* Translators: "Problem", then what is the matter, then more about it */
  label = g_strdup_printf (_("%s: %s. %s"), get_level_words (kith_finding_get_level (finding)),
                           kith_finding_get_title (finding), words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);

  return row;
}

/* For a friend who helps. It goes to the clipboard and nowhere else. */
static char *
dup_report (KithDoctorDialog *self)
{
  GString *text = g_string_new ("Kith " KITH_VERSION "\n");

  for (guint i = 0; i < g_list_model_get_n_items (self->findings); i++)
    {
      g_autoptr (KithFinding) finding = g_list_model_get_item (self->findings, i);
      g_autofree char *words = dup_words (finding);

      g_string_append_printf (text, "\n%s: %s\n",
                              get_level_words (kith_finding_get_level (finding)),
                              kith_finding_get_title (finding));
      if (*words != '\0')
        g_string_append_printf (text, "%s\n", words);
    }

  return g_string_free (text, FALSE);
}

/* --- Checking ------------------------------------------------------------------------------- */

static void
show_page (KithDoctorDialog *self, const char *page)
{
  gtk_stack_set_visible_child_name (self->stack, page);
  gtk_spinner_set_spinning (self->spinner, g_str_equal (page, "busy"));
}

/* How many problems there are, and which. */
static char *
dup_summary (GListModel *findings)
{
  GString *text = g_string_new (NULL);
  g_autofree char *count = NULL;
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
    {
      g_autoptr (KithFinding) finding = g_list_model_get_item (findings, i);

      if (kith_finding_get_level (finding) != KITH_FINDING_PROBLEM)
        continue;

      n++;
      append_part (text, kith_finding_get_title (finding));
    }

  /* Translators: what a check of the connection found */
  count = n == 0 ? g_strdup (_("No problems found"))
                 /* Translators: what a check of the connection found */
                 : g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u problem found", "%u problems found", n), n);
  g_string_prepend (text, n == 0 ? "" : "\n");
  g_string_prepend (text, count);

  return g_string_free (text, FALSE);
}

/* The button that stopped it is gone, and with it the focus: that goes to what was found. */
static void
show_findings (KithDoctorDialog *self, GListModel *findings)
{
  g_autofree char *summary = dup_summary (findings);

  gtk_list_box_bind_model (self->list_box, findings, create_row_cb, NULL, NULL);
  g_set_object (&self->findings, findings);
  show_page (self, "findings");
  gtk_widget_child_focus (GTK_WIDGET (self->list_box), GTK_DIR_TAB_FORWARD);
  kith_announce (GTK_WIDGET (self), summary);
}

static void
show_error (KithDoctorDialog *self, const char *words)
{
  g_autofree char *escaped = g_markup_escape_text (words, -1);

  adw_status_page_set_description (self->error_page, escaped);
  show_page (self, "error");
  kith_announce (GTK_WIDGET (self), words);
}

static void
diagnosed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithDoctorDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) findings
      = kith_node_diagnose_finish (KITH_NODE (source), result, &error);
  g_autofree char *words = NULL;

  /* Closed meanwhile. */
  if (self->cancellable == NULL)
    return;

  g_clear_object (&self->cancellable);
  if (findings != NULL)
    {
      show_findings (self, findings);
      return;
    }

  words = kith_explain_error (error);
  show_error (self, words);
}

static void
check_cb (KithDoctorDialog *self)
{
  if (self->cancellable != NULL)
    return;

  self->cancellable = g_cancellable_new ();
  show_page (self, "busy");
  kith_node_diagnose_async (self->node, self->contact, self->cancellable, diagnosed_cb,
                            g_object_ref (self));
}

static void
cancel_cb (KithDoctorDialog *self)
{
  g_cancellable_cancel (self->cancellable);
}

static void
copy_cb (KithDoctorDialog *self)
{
  g_autofree char *report = dup_report (self);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), report);
  kith_toast_show (self->toast_overlay, _("Report copied"));
}

/* --- Object --------------------------------------------------------------------------------- */

static gboolean
kith_doctor_dialog_close_request (GtkWindow *window)
{
  KithDoctorDialog *self = KITH_DOCTOR_DIALOG (window);
  g_autoptr (GCancellable) cancellable = g_steal_pointer (&self->cancellable);

  if (cancellable != NULL)
    g_cancellable_cancel (cancellable);

  return GTK_WINDOW_CLASS (kith_doctor_dialog_parent_class)->close_request (window);
}

static void
kith_doctor_dialog_dispose (GObject *object)
{
  KithDoctorDialog *self = KITH_DOCTOR_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->list_box != NULL)
    gtk_list_box_bind_model (self->list_box, NULL, NULL, NULL, NULL);
  g_clear_object (&self->findings);
  g_clear_object (&self->contact);
  g_clear_object (&self->node);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_DOCTOR_DIALOG);

  G_OBJECT_CLASS (kith_doctor_dialog_parent_class)->dispose (object);
}

static void
kith_doctor_dialog_class_init (KithDoctorDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_doctor_dialog_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = kith_doctor_dialog_close_request;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/dialogs/kith-doctor-dialog.ui");
  kith_keys_bind_close (widget_class);
  gtk_widget_class_bind_template_child (widget_class, KithDoctorDialog, toast_overlay);
  gtk_widget_class_bind_template_child (widget_class, KithDoctorDialog, window_title);
  gtk_widget_class_bind_template_child (widget_class, KithDoctorDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, KithDoctorDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, KithDoctorDialog, list_box);
  gtk_widget_class_bind_template_child (widget_class, KithDoctorDialog, error_page);
  gtk_widget_class_bind_template_callback (widget_class, check_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
}

static void
kith_doctor_dialog_init (KithDoctorDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * kith_doctor_dialog_new:
 * @parent: the window it belongs to
 * @node: whose connection
 * @contact: (nullable): who cannot be reached
 *
 * Returns: (transfer none): a dialog that checks at once, to be presented
 */
GtkWidget *
kith_doctor_dialog_new (GtkWindow *parent, KithNode *node, KithContact *contact)
{
  KithDoctorDialog *self = g_object_new (KITH_TYPE_DOCTOR_DIALOG, "transient-for", parent, NULL);

  self->node = g_object_ref (node);
  g_set_object (&self->contact, contact);
  if (contact != NULL)
    {
      /* Translators: somebody's name */
      g_autofree char *title
          /* Translators: the name of a person */
          = kith_sentence_make (_("Connection to %s"), kith_contact_get_display_name (contact));
      g_autofree char *spoken = kith_sentence_dup_spoken (title);

      adw_window_title_set_title (self->window_title, title);
      /* It takes the title for its name, with what isolates. */
      gtk_window_set_title (GTK_WINDOW (self), title);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
    }
  check_cb (self);

  return GTK_WIDGET (self);
}
