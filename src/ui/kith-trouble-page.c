/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-trouble-page.h"

#include <glib/gi18n.h>

#include "base/kith-error.h"
#include "node/kith-explain.h"
#include "ui/kith-announce.h"

struct _KithTroublePage
{
  AdwBin parent_instance;

  AdwStatusPage *status_page;
  GtkLabel *words_label;
  GtkLabel *path_label;
  GtkWidget *retry_button;
  GtkWidget *anew_button;
  GtkWidget *rescue_button;
  GtkWidget *others_button;
  GtkWidget *erase_button;
};

enum
{
  SIGNAL_RETRY,
  SIGNAL_START_ANEW,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithTroublePage, kith_trouble_page, ADW_TYPE_BIN)

static void
retry_cb (KithTroublePage *self)
{
  g_signal_emit (self, signals[SIGNAL_RETRY], 0);
}

static void
anew_cb (KithTroublePage *self)
{
  g_signal_emit (self, signals[SIGNAL_START_ANEW], 0);
}

static const char *
get_title (KithError code, gboolean in_memory)
{
  if (code == KITH_ERROR_PROFILE_IN_USE)
    return _("This Profile Is Open Already");
  if (code == KITH_ERROR_NEWER_VERSION)
    return _("This Kith Is Too Old");
  if (code == KITH_ERROR_DAMAGED)
    return _("The Profile Is Damaged");
  if (code == KITH_ERROR_WRONG_VAULT)
    return _("The Files Do Not Belong Together");
  if (code == KITH_ERROR_NO_VAULT)
    return _("A File Is Missing");
  if (code == KITH_ERROR_DISK_FULL)
    return _("The Disk Is Full");
  if (code == KITH_ERROR_DISK)
    return _("The Disk Cannot Be Used");

  return in_memory ? _("Kith Cannot Start") : _("The Profile Cannot Be Opened");
}

/* Whether it will be no better at the next try. */
static gboolean
is_damage (KithError code)
{
  return code == KITH_ERROR_DAMAGED || code == KITH_ERROR_WRONG_VAULT;
}

/* The words for a port do not fit a folder. */
static char *
dup_words (const GError *error, gboolean has_key)
{
  KithError code = kith_error_code_from_gerror (error);
  g_autofree char *words = NULL;

  if (code == KITH_ERROR_PERMISSION)
    return g_strdup (_("The system does not let Kith write to the folder of this profile. Check who "
                       "owns it, and that the disk is not read-only."));

  words = kith_explain_error (error);
  if (code == KITH_ERROR_NO_VAULT)
    /* Translators: “vault” and “kith.db.without-vault” are names of files, “Start Anew” is the button below */
    return g_strdup_printf ("%s\n\n%s", words,
                            _("If it is lost, “Start Anew” makes a new profile. The old messages stay in this folder, "
                              "in “kith.db.without-vault”, where nobody can read them unless you find “vault” again."));
  if (code == KITH_ERROR_DAMAGED && !has_key)
    return g_strdup_printf ("%s\n\n%s", words,
                            _("It is the key that cannot be read, so nothing of the profile can be saved."));
  if (code == KITH_ERROR_PROFILE_IN_USE && error != NULL)
    return g_strdup_printf ("%s\n\n%s", words, error->message);

  return g_steal_pointer (&words);
}

static void
kith_trouble_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), KITH_TYPE_TROUBLE_PAGE);

  G_OBJECT_CLASS (kith_trouble_page_parent_class)->dispose (object);
}

static void
kith_trouble_page_class_init (KithTroublePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_trouble_page_dispose;

  signals[SIGNAL_RETRY] = g_signal_new ("retry", KITH_TYPE_TROUBLE_PAGE, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_START_ANEW] = g_signal_new ("start-anew", KITH_TYPE_TROUBLE_PAGE, G_SIGNAL_RUN_LAST, 0,
                                             NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/chat/kith/Kith/kith-trouble-page.ui");
  gtk_widget_class_bind_template_child (widget_class, KithTroublePage, status_page);
  gtk_widget_class_bind_template_child (widget_class, KithTroublePage, words_label);
  gtk_widget_class_bind_template_child (widget_class, KithTroublePage, path_label);
  gtk_widget_class_bind_template_child (widget_class, KithTroublePage, retry_button);
  gtk_widget_class_bind_template_child (widget_class, KithTroublePage, anew_button);
  gtk_widget_class_bind_template_child (widget_class, KithTroublePage, rescue_button);
  gtk_widget_class_bind_template_child (widget_class, KithTroublePage, others_button);
  gtk_widget_class_bind_template_child (widget_class, KithTroublePage, erase_button);
  gtk_widget_class_bind_template_callback (widget_class, retry_cb);
  gtk_widget_class_bind_template_callback (widget_class, anew_cb);
}

static void
kith_trouble_page_init (KithTroublePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* The page stands there suddenly, with a button in focus that says nothing of it. */
static void
announce (KithTroublePage *self)
{
  g_autofree char *words = g_strdup_printf ("%s\n%s", adw_status_page_get_title (self->status_page),
                                            gtk_label_get_text (self->words_label));

  kith_announce (GTK_WIDGET (self), words);
}

/**
 * kith_trouble_page_set_error:
 * @self: a page
 * @error: (nullable): why the profile cannot be opened
 * @path: (nullable): where it is; nowhere when everything is in memory
 * @can_retry: whether to offer that
 * @has_key: whether the key can be read, with which something of it may be
 */
void
kith_trouble_page_set_error (KithTroublePage *self, const GError *error, const char *path,
                             gboolean can_retry, gboolean has_key)
{
  g_autofree char *words = dup_words (error, has_key || path == NULL);
  KithError code = kith_error_code_from_gerror (error);

  g_return_if_fail (KITH_IS_TROUBLE_PAGE (self));

  adw_status_page_set_title (self->status_page, get_title (code, path == NULL));
  gtk_label_set_text (self->words_label, words);
  gtk_label_set_text (self->path_label, path != NULL ? path : "");
  gtk_widget_set_visible (GTK_WIDGET (self->path_label), path != NULL);
  gtk_widget_set_visible (self->retry_button, can_retry);
  gtk_widget_set_visible (self->anew_button, code == KITH_ERROR_NO_VAULT);
  gtk_widget_set_visible (self->rescue_button, path != NULL && has_key && code == KITH_ERROR_DAMAGED);
  gtk_widget_set_visible (self->others_button, path != NULL);
  gtk_widget_set_visible (self->erase_button, path != NULL && is_damage (code));
  if (can_retry)
    gtk_widget_grab_focus (self->retry_button);
  announce (self);
}

/**
 * kith_trouble_page_focus:
 * @self: a page that is shown again
 *
 * Puts the focus where it was at first.
 */
void
kith_trouble_page_focus (KithTroublePage *self)
{
  g_return_if_fail (KITH_IS_TROUBLE_PAGE (self));

  gtk_widget_grab_focus (self->retry_button);
}

/**
 * kith_trouble_page_set_erase_error:
 * @self: a page
 * @error: why not everything was erased
 * @path: the folder in which something is left
 * @is_key_gone: whether nobody can read what is left of the profile
 * @left_in: (nullable): the folder in which something is left of what others sent
 */
void
kith_trouble_page_set_erase_error (KithTroublePage *self, const GError *error, const char *path,
                                   gboolean is_key_gone, const char *left_in)
{
  gboolean is_disk = kith_error_code_from_gerror (error) == KITH_ERROR_DISK;
  /* Nobody wants to hear now that what was stored is safe. */
  g_autofree char *reason = is_disk ? kith_explain_file (error, TRUE) : dup_words (error, TRUE);
  gboolean is_received = is_key_gone && left_in != NULL;
  const char *what;
  g_autofree char *words = NULL;

  g_return_if_fail (KITH_IS_TROUBLE_PAGE (self));

  if (!is_key_gone)
    what = _("Nothing was erased: your messages and your identity are still in this folder.");
  else if (is_received)
    what = _("The key is gone, so nobody can read your messages anymore; but some files that others sent you "
             "could not be deleted from this folder. Check who owns it, and that the disk is not read-only.");
  else
    what = _("The key is gone, so nobody can read what is left; but some files could not be removed from this "
             "folder.");

  words = is_received ? g_strdup (what) : g_strdup_printf ("%s\n\n%s", what, reason);
  adw_status_page_set_title (self->status_page, _("Not Everything Was Erased"));
  gtk_label_set_text (self->words_label, words);
  gtk_label_set_text (self->path_label, is_received ? left_in : path);
  gtk_widget_set_visible (self->anew_button, FALSE);
  gtk_widget_set_visible (self->rescue_button, FALSE);
  gtk_widget_set_visible (self->others_button, FALSE);
  gtk_widget_set_visible (self->erase_button, FALSE);
  gtk_widget_grab_focus (self->retry_button);
  announce (self);
}
