/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-storage-group.h"

#include <glib/gi18n.h>

#include "base/kith-time.h"
#include "node/kith-explain.h"
#include "node/kith-node-storage.h"
#include "ui/kith-file-words.h"
#include "ui/kith-format.h"
#include "ui/kith-question.h"


struct _KithStorageGroup
{
  AdwPreferencesGroup parent_instance;

  AdwActionRow *profile_row;
  GtkLabel *profile_label;
  GtkLabel *received_label;
  AdwComboRow *age_row;

  KithNode *node;            /* (owned) (nullable) */
  char *profile_path;        /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) */
};

enum
{
  SIGNAL_SAID,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* In the order of the row; 0 = all. */
static const int ages_days[] = { 30, 90, 365, 0 };

G_DEFINE_FINAL_TYPE (KithStorageGroup, kith_storage_group, ADW_TYPE_PREFERENCES_GROUP)

static void
say (KithStorageGroup *self, const char *words)
{
  g_signal_emit (self, signals[SIGNAL_SAID], 0, words);
}

/* @error: (transfer full) (nullable) */
static void
say_error (KithStorageGroup *self, GError *error)
{
  G_GNUC_UNUSED g_autoptr (GError) owned = error;
  g_autofree char *words = NULL;

  if (self->node == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  words = kith_explain_error (error);
  say (self, words);
}

/* Returns: (transfer full): such as "3 files, 1.2 MB" */
static char *
dup_amount (const KithStorageUse *use)
{
  g_autofree char *size = kith_file_dup_size (use->received_bytes);

  /* Translators: how many files, and a size such as "1.0 MB" */
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u file, %s", "%u files, %s", use->n_received),
                          use->n_received, size);
}

/* --- How much it is ------------------------------------------------------------------------- */

static void
measured_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithStorageGroup) self = user_data;
  KithStorageUse use = { 0 };
  GError *error = NULL;
  g_autofree char *profile = NULL;
  g_autofree char *received = NULL;

  if (!kith_node_measure_storage_finish (KITH_NODE (source), result, &use, &error))
    {
      say_error (self, error);
      return;
    }
  if (self->node == NULL)
    return;

  profile = kith_file_dup_size (use.profile_bytes);
  received = dup_amount (&use);
  gtk_label_set_text (self->profile_label, profile);
  gtk_label_set_text (self->received_label, use.n_received > 0 ? received
                                                                   /* Translators: no files */
                                                                   : C_("files", "None"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->age_row), use.n_received > 0);
}

static void
measure (KithStorageGroup *self)
{
  kith_node_measure_storage_async (self->node, self->profile_path, G_MAXINT64, self->cancellable,
                                   measured_cb, g_object_ref (self));
}

/* --- Making room ---------------------------------------------------------------------------- */

static void
deleted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithStorageGroup) self = user_data;
  KithStorageUse use = { 0 };
  GError *error = NULL;

  if (!kith_node_delete_received_finish (KITH_NODE (source), result, &use, &error))
    say_error (self, error);
  else if (self->node != NULL)
    {
      g_autofree char *size = kith_file_dup_size (use.received_bytes);
      /* Translators: how many files, and their size */
      g_autofree char *words = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u file deleted, %s",
                                                             "%u files deleted, %s", use.n_received),
                                                use.n_received, size);

      say (self, words);
    }

  if (self->node != NULL)
    measure (self);
}

/* Another age may have been chosen since the question came up. */
static void
response_cb (AdwMessageDialog *dialog, const char *response, KithStorageGroup *self)
{
  const gint64 *before_ms = g_object_get_data (G_OBJECT (dialog), "before-ms");

  if (g_str_equal (response, "delete") && self->node != NULL)
    kith_node_delete_received_async (self->node, *before_ms, self->cancellable, deleted_cb, g_object_ref (self));
}

/* @use: of what came before @before_ms */
static void
ask (KithStorageGroup *self, const KithStorageUse *use, gint64 before_ms)
{
  g_autofree char *size = kith_file_dup_size (use->received_bytes);
  g_autofree char *words = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE,
                   /* Translators: how many files, and their size */
                   "%u file, %s, will be gone from this computer. The messages stay. Files that you moved or changed, "
                   "and folders, stay as well.",
                   "%u files, %s, will be gone from this computer. The messages stay. Files that you moved or "
                   "changed, and folders, stay as well.", use->n_received),
      use->n_received, size);
  AdwMessageDialog *dialog;

  if (gtk_widget_get_root (GTK_WIDGET (self)) == NULL)
    return;

  dialog = kith_question_new (GTK_WIDGET (self), _("Delete Received Files?"), words, "delete",
                              /* Translators: a button: messages, files or a group */
                              _("_Delete"), ADW_RESPONSE_DESTRUCTIVE);
  g_object_set_data_full (G_OBJECT (dialog), "before-ms", g_memdup2 (&before_ms, sizeof before_ms), g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

typedef struct
{
  KithStorageGroup *self; /* (owned) */
  gint64 before_ms;
} Counting;

static void
counted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Counting *counting = user_data;
  g_autoptr (KithStorageGroup) self = counting->self;
  KithStorageUse use = { 0 };
  GError *error = NULL;

  if (!kith_node_measure_storage_finish (KITH_NODE (source), result, &use, &error))
    say_error (self, error);
  else if (self->node != NULL && use.n_received == 0)
    say (self, _("No received file is that old"));
  else if (self->node != NULL)
    ask (self, &use, counting->before_ms);
}

/* The question says what is at stake: that is counted first. */
static void
delete_cb (KithStorageGroup *self)
{
  guint index = adw_combo_row_get_selected (self->age_row);
  int days = index < G_N_ELEMENTS (ages_days) ? ages_days[index] : ages_days[0];
  Counting *counting = g_new (Counting, 1);

  counting->self = g_object_ref (self);
  counting->before_ms = days > 0 ? kith_format_now_ms () - days * KITH_DAY_MS : G_MAXINT64;
  kith_node_measure_storage_async (self->node, NULL, counting->before_ms, self->cancellable, counted_cb, counting);
}

/* --- The group ------------------------------------------------------------------------------ */

static void
kith_storage_group_dispose (GObject *object)
{
  KithStorageGroup *self = KITH_STORAGE_GROUP (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->node);
  g_clear_pointer (&self->profile_path, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (object), KITH_TYPE_STORAGE_GROUP);

  G_OBJECT_CLASS (kith_storage_group_parent_class)->dispose (object);
}

static void
kith_storage_group_class_init (KithStorageGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_storage_group_dispose;

  signals[SIGNAL_SAID] = g_signal_new ("said", KITH_TYPE_STORAGE_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                       NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/dialogs/kith-storage-group.ui");
  gtk_widget_class_bind_template_child (widget_class, KithStorageGroup, profile_row);
  gtk_widget_class_bind_template_child (widget_class, KithStorageGroup, profile_label);
  gtk_widget_class_bind_template_child (widget_class, KithStorageGroup, received_label);
  gtk_widget_class_bind_template_child (widget_class, KithStorageGroup, age_row);
  gtk_widget_class_bind_template_callback (widget_class, delete_cb);
}

static void
kith_storage_group_init (KithStorageGroup *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * kith_storage_group_set_node:
 * @self: a group
 * @node: whose files; set once
 * @profile_path: (nullable): the folder of its profile; none when everything is in memory
 */
void
kith_storage_group_set_node (KithStorageGroup *self, KithNode *node, const char *profile_path)
{
  g_return_if_fail (KITH_IS_STORAGE_GROUP (self) && self->node == NULL);

  self->node = g_object_ref (node);
  self->profile_path = g_strdup (profile_path);
  gtk_widget_set_visible (GTK_WIDGET (self->profile_row), profile_path != NULL);
  measure (self);
}
