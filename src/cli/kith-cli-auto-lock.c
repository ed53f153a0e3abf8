/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Locking when nobody has typed for a while, for people at a terminal: a program is never away. And when the
 * computer goes to sleep, whoever it works for: also while it is being unlocked, which takes its time. */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include <string.h>
#include <unistd.h>

#include "base/kith-limits.h"
#include "cli/kith-cli-app-private.h"
#include "cli/kith-cli-format.h"
#include "cli/kith-cli-handlers.h"
#include "node/kith-node-history.h"
#include "node/kith-settings.h"

static int
get_minutes (KithNode *node)
{
  return kith_node_get_setting_int (node, KITH_SETTING_AUTO_LOCK_MINUTES);
}

static gboolean
locks_on_sleep (KithNode *node)
{
  return kith_node_get_setting_int (node, KITH_SETTING_LOCK_ON_SUSPEND) != 0;
}

static void
locked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithCliApp *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!kith_profile_folder_lock_finish (KITH_PROFILE_FOLDER (source), result, &error) && !self->quitting)
    {
      kith_cli_app_warn (self, error, NULL);
      if (self->idle != NULL)
        kith_idle_timer_restart (self->idle);
    }
  kith_cli_app_node_changed (self);
}

static void
away_cb (gpointer user_data)
{
  KithCliApp *self = user_data;
  gboolean goes_on = self->n_calls > 0 && self->n_steps != self->n_steps_away;

  if (self->node == NULL || self->quitting)
    return;

  /* Locking would end what is being done, and they may have left because it takes so long. But what has come no further
   * since may never do so: a disk may hang. A passphrase may come. */
  self->n_steps_away = self->n_steps;
  if (goes_on || !kith_profile_folder_get_has_passphrase (self->folder))
    kith_idle_timer_restart (self->idle);
  else
    kith_profile_folder_lock_async (self->folder, locked_cb, self);
}

/* Its keys are about to be there, or are and we have no node of it yet. */
static gboolean
is_being_opened (KithCliApp *self)
{
  KithProfileState state = kith_profile_folder_get_state (self->folder);

  return self->node == NULL && (state == KITH_PROFILE_BUSY || state == KITH_PROFILE_UNLOCKED);
}

static void
sleep_cb (gpointer user_data)
{
  KithCliApp *self = user_data;

  if (self->quitting)
    return;

  if (self->node != NULL)
    kith_profile_folder_lock_async (self->folder, locked_cb, self);
  else
    self->fell_asleep = is_being_opened (self);
}

/* Until it is locked the computer waits: the node goes when the keys have gone. Whether they want that is not known
 * before it is open. */
static void
update_sleep (KithCliApp *self)
{
  gboolean is_wanted = self->node != NULL ? locks_on_sleep (self->node) : is_being_opened (self);

  if (self->sleep == NULL)
    self->sleep = kith_sleep_watch_new ("Locks your messages", sleep_cb, self);
  kith_sleep_watch_set_wanted (self->sleep,
                               is_wanted && kith_profile_folder_get_has_passphrase (self->folder));
}

static void
state_cb (KithProfileFolder *folder, GParamSpec *pspec, KithCliApp *self)
{
  /* It was not unlocked after all. */
  if (kith_profile_folder_get_state (folder) == KITH_PROFILE_LOCKED)
    self->fell_asleep = FALSE;
  if (self->node == NULL)
    update_sleep (self);
}

/* Who waits at a terminal sees why; what a program reads has its own word for it. */
static void
preparing_cb (KithProfileFolder *folder, GParamSpec *pspec, KithCliApp *self)
{
  if (!kith_profile_folder_get_is_preparing (folder) || self->quitting)
    return;

  if (self->options->style == KITH_CLI_JSON)
    kith_cli_app_emit (self, "preparing", json_object_new ());
  else if (isatty (STDERR_FILENO) && !self->options->quiet)
    g_printerr ("Preparing your history…\n");
}

/**
 * kith_cli_app_watch_folder:
 * @self: the client, with a folder
 *
 * From now on the computer waits while the profile is being unlocked, too. What a command of the command line does is
 * not ended.
 */
void
kith_cli_app_watch_folder (KithCliApp *self)
{
  g_signal_connect (self->folder, "notify::is-preparing", G_CALLBACK (preparing_cb), self);
  if (self->options->command == NULL)
    g_signal_connect (self->folder, "notify::state", G_CALLBACK (state_cb), self);
}

static void
locked_again_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithCliApp *self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean is_fine = kith_profile_folder_lock_finish (KITH_PROFILE_FOLDER (source), result, &error);

  if (self->quitting)
    return;

  if (!is_fine)
    kith_cli_app_warn (self, error, NULL);
  kith_cli_app_emit (self, "locked", json_object_new ());
}

/**
 * kith_cli_app_lock_again:
 * @self: the client, whose profile was unlocked just now
 *
 * If the computer went to sleep meanwhile, it is locked before anything is done with it.
 *
 * Returns: whether that is so
 */
gboolean
kith_cli_app_lock_again (KithCliApp *self)
{
  gboolean fell_asleep = self->fell_asleep;

  self->fell_asleep = FALSE;
  if (!fell_asleep || !locks_on_sleep (kith_profile_folder_get_node (self->folder)))
    return FALSE;

  kith_profile_folder_lock_async (self->folder, locked_again_cb, self);
  return TRUE;
}

static void
update_idle (KithCliApp *self)
{
  gint64 minutes = 0;

  if (self->node != NULL)
    minutes = CLAMP (get_minutes (self->node), 0, KITH_LIMIT_AUTO_LOCK_MINUTES);
  if (self->idle == NULL)
    self->idle = kith_idle_timer_new (away_cb, self);
  kith_idle_timer_touch (self->idle);
  kith_idle_timer_set_ms (self->idle, minutes * 60 * 1000);
}

/**
 * kith_cli_app_update_auto_lock:
 * @self: the client
 *
 * Takes over what is set about it; to be called when there is another node or passphrase, too. What a command of
 * the command line does is not ended by it.
 */
void
kith_cli_app_update_auto_lock (KithCliApp *self)
{
  if (self->folder == NULL || self->options->command != NULL)
    return;

  update_sleep (self);
  if (self->options->style == KITH_CLI_PEOPLE && isatty (STDIN_FILENO))
    update_idle (self);
}

/**
 * kith_cli_app_seen:
 * @self: the client
 *
 * Somebody typed something.
 */
void
kith_cli_app_seen (KithCliApp *self)
{
  if (self->idle != NULL)
    kith_idle_timer_touch (self->idle);
}

/**
 * kith_cli_app_went_on:
 * @self: the client
 *
 * A command began, ended, or has come further.
 */
void
kith_cli_app_went_on (KithCliApp *self)
{
  self->n_steps++;
}

void
kith_cli_handle_auto_lock (KithCliCall *call)
{
  KithCliApp *app = kith_cli_call_get_app (call);
  KithNode *node = kith_cli_call_get_node (call);
  gint64 minutes = kith_cli_call_get_int (call, "minutes", get_minutes (node));
  const char *sleep = kith_cli_call_get_string (call, "sleep");
  JsonObject *reply;

  if (minutes < 0 || minutes > KITH_LIMIT_AUTO_LOCK_MINUTES)
    {
      kith_cli_call_fail_invalid (call, "“minutes” has to be a number from 0 to 1440");
      return;
    }
  if (sleep != NULL && strcmp (sleep, "on") != 0 && strcmp (sleep, "off") != 0)
    {
      kith_cli_call_fail_invalid (call, "“sleep” has to be on or off");
      return;
    }

  kith_node_set_setting_int (node, KITH_SETTING_AUTO_LOCK_MINUTES, (int) minutes);
  if (sleep != NULL)
    kith_node_set_setting_int (node, KITH_SETTING_LOCK_ON_SUSPEND, strcmp (sleep, "on") == 0);
  kith_cli_app_update_auto_lock (app);
  reply = json_object_new ();
  json_object_set_int_member (reply, "minutes", minutes);
  json_object_set_boolean_member (reply, "sleep", locks_on_sleep (node));
  kith_cli_call_reply_stored (call, reply);
}

char *
kith_cli_format_auto_lock (KithCliCall *call, JsonObject *reply)
{
  KithProfileFolder *folder = kith_cli_app_get_folder (kith_cli_call_get_app (call));
  gint64 minutes = json_object_get_int_member (reply, "minutes");
  gboolean sleep = json_object_get_boolean_member (reply, "sleep");

  if (folder == NULL || !kith_profile_folder_get_has_passphrase (folder))
    return g_strdup ("There is no passphrase to lock it with: /change-passphrase sets one.");
  if (minutes == 0)
    return g_strdup (sleep ? "Locks when the computer goes to sleep, and when you say so: /lock"
                           : "Locks only when you say so: /lock");

  return g_strdup_printf ("Locks when nothing was typed for %" G_GINT64_FORMAT " min%s.", minutes,
                          sleep ? ", and when the computer goes to sleep" : "");
}
