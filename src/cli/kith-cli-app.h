/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "node/kith-network-override.h"
#include "node/kith-node.h"
#include "node/kith-profile-folder.h"

G_BEGIN_DECLS

/**
 * KithCliApp:
 *
 * The terminal client: one node, a way in (JSON lines, a terminal, or one command) and a way out.
 */
typedef struct _KithCliApp KithCliApp;

/* How it talks: lines of JSON to programs, or words to people. */
typedef enum
{
  KITH_CLI_JSON,
  KITH_CLI_PEOPLE,
} KithCliStyle;

typedef struct
{
  char        *name;           /* nullable */
  char        *profile;        /* nullable: the default one */
  gboolean     start_anew;     /* where the vault is lost */
  gboolean     ephemeral;
  gint         passphrase_fd;  /* -1: none */
  char        *listen_address; /* nullable: every address */
  guint16      listen_port;
  gboolean     listen;
  gboolean     listen_exact;   /* do not take the next free port */
  KithNetworkOverride network;
  gboolean     quiet;
  KithCliStyle style;
  char       **command;        /* nullable: one command, then the end */
} KithCliOptions;

int               kith_cli_app_run              (const KithCliOptions *options);

/* (transfer none) (nullable): none while the profile is locked; none of a folder without a profile on the
 * disk. */
KithNode         *kith_cli_app_get_node         (KithCliApp           *self);
KithProfileFolder *kith_cli_app_get_folder      (KithCliApp           *self);
/* Whether this profile was read from a backup since the start. */
gboolean          kith_cli_app_was_restored     (KithCliApp           *self);
/* After unlocking or locking. */
void              kith_cli_app_node_changed     (KithCliApp           *self);
GCancellable     *kith_cli_app_get_cancellable  (KithCliApp           *self);
KithCliStyle      kith_cli_app_get_style        (KithCliApp           *self);
/* The one that what people type goes into. (transfer none) (nullable) */
KithConversation *kith_cli_app_get_conversation (KithCliApp           *self);
void              kith_cli_app_set_conversation (KithCliApp           *self,
                                                 KithConversation     *conversation);
void              kith_cli_app_handle_line      (KithCliApp           *self,
                                                 const char           *line);
void              kith_cli_app_refuse_line      (KithCliApp           *self,
                                                 const char           *words);
void              kith_cli_app_quit             (KithCliApp           *self,
                                                 int                   exit_code);

/* @event: (transfer full): gets a member "event" of @name */
void              kith_cli_app_emit             (KithCliApp           *self,
                                                 const char           *name,
                                                 JsonObject           *event);
void              kith_cli_app_print            (KithCliApp           *self,
                                                 const char           *text);
void              kith_cli_app_complain         (KithCliApp           *self,
                                                 const char           *text);

/* Commands begin and are answered; with the one of the command line, or after the last line of the
 * input, that is the end. */
void              kith_cli_app_call_began       (KithCliApp           *self);
void              kith_cli_app_call_ended       (KithCliApp           *self,
                                                 gboolean              ok);
void              kith_cli_app_end_input        (KithCliApp           *self);

/* kith-cli-auto-lock.c */
void              kith_cli_app_seen             (KithCliApp *self);
void              kith_cli_app_went_on          (KithCliApp *self);

G_END_DECLS
