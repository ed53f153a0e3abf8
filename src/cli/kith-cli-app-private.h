/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/kith-idle-timer.h"
#include "base/kith-sleep-watch.h"
#include "cli/kith-cli-app.h"
#include "cli/kith-cli-progress.h"
#include "cli/kith-cli-terminal.h"
#include "cli/kith-cli-watch.h"
#include "node/kith-profile-folder.h"

G_BEGIN_DECLS

/* For the files of the client: kith-cli-app.c has events and lines, kith-cli-start.c its beginning
 * and its end. */

struct _KithCliApp
{
  const KithCliOptions *options;      /* (unowned) */
  KithProfileFolder    *folder;       /* (owned) (nullable): NULL when nothing is kept */
  KithNode             *node;         /* (owned) (nullable) while the profile is locked */
  KithCliWatch         *watch;        /* (owned) (nullable): tells of the network */
  KithCliInput         *input;        /* (owned) (nullable) */
  KithConversation     *conversation; /* (owned) (nullable): whom plain text goes to */
  GMainLoop            *loop;         /* (owned) */
  GCancellable         *cancellable;  /* (owned): of what goes on until the end */
  guint                 signals[3];
  guint                 end_timer;
  KithIdleTimer        *idle;         /* (owned) (nullable): at a terminal, with a folder */
  KithSleepWatch       *sleep;        /* (owned) (nullable): with a folder */
  GPtrArray            *works;        /* (owned) KithCliWork that are under way: kith-cli-work.h */
  guint                 n_calls;      /* commands that are not answered yet */
  guint                 n_steps;      /* that commands have gone on by, all of them ... */
  guint                 n_steps_away; /* ... and when nobody was found at the keyboard */
  gboolean              fell_asleep;  /* the computer, while the profile was being unlocked */
  gboolean              has_begun;    /* the first "ready" was said */
  KithCliProgress       restoring;
  gboolean              was_restored; /* from the backup of the command line */
  char                 *damaged_passphrase; /* (owned) (nullable): of a profile that cannot be opened ... */
  gboolean              is_damaged;   /* ... while it is saved as far as it can be read */
  gboolean              is_trying;    /* a passphrase, for nobody but who started it */
  gboolean              input_ended;
  gboolean              quitting;
  int                   exit_code;
};

void kith_cli_app_update_auto_lock (KithCliApp *self);
void kith_cli_app_watch_folder (KithCliApp *self);
gboolean kith_cli_app_lock_again (KithCliApp *self);
gboolean kith_cli_app_can_ask (KithCliApp *self);
gboolean kith_cli_app_choose_passphrase (KithCliApp *self,
                                         const char *prompt,
                                         char      **passphrase,
                                         GError    **error);
void kith_cli_app_refuse_import (KithCliApp   *self,
                                 const GError *error,
                                 int           exit_code);
void kith_cli_app_take_node (KithCliApp   *self,
                             KithNode     *node);
void kith_cli_app_warn      (KithCliApp   *self,
                             const GError *error,
                             const char   *words);

G_END_DECLS
