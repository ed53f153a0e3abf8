/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "net/kith-dht-host.h"

#include <opendht/opendht_c.h>

G_BEGIN_DECLS

/* What kith-dht-host.c, the life of a host and its threads, and kith-dht-host-operations.c share. */

typedef enum
{
  COMMAND_LOOK = 1,
  COMMAND_END,
} KithDhtCommand;

typedef enum
{
  EVENT_STARTED,
  EVENT_PONGED,
  EVENT_VALUE,
  EVENT_DONE,
  EVENT_ADDRESSES,
  EVENT_ENDED,
} KithDhtEventKind;

/* One operation as the library sees it. */
typedef struct
{
  gatomicrefcount ref_count;
  KithDhtHost    *host;   /* (unowned): outlives its tickets */
  guint           handle; /* 0 for a ping */
  dht_infohash    location;
  dht_value      *value;      /* (owned) (nullable): of a put */
  dht_op_token   *token;      /* (owned) (nullable): of a listen */
  gboolean        is_settled; /* done was called: a put has its id now */
  gboolean        is_cancelled;
  guint           n_waiting; /* values in the queue; under the lock */
} KithDhtTicket;

typedef struct
{
  KithDhtEventKind     kind;
  gboolean      ok;
  KithDhtTicket       *ticket;    /* (owned) (nullable) */
  GBytes       *value;     /* (owned) (nullable) */
  KithEndpoint *endpoints; /* (owned) (nullable) */
  guint         n_endpoints;
  guint         number; /* a port, or how many nodes are good */
} KithDhtEvent;

struct _KithDhtHost
{
  gatomicrefcount          ref_count;
  GMainContext            *context;   /* (owned) */
  const KithDhtHostEvents *events;    /* (unowned) (nullable) when disconnected */
  gpointer                 user_data; /* (unowned) */
  guint16                  port;
  guint32                  network;
  gboolean                 save;       /* set before COMMAND_END */
  gboolean                 is_running; /* in the owner's thread: operations may be begun */
  GHashTable              *tickets;    /* (owned): handle -> KithDhtTicket, in the owner's thread */
  GAsyncQueue             *commands;   /* (owned) KithDhtCommand */

  dht_runner *runner;   /* (owned): deleted by the host's thread */
  gint        state_fd; /* -1 for none */

  GMutex      lock;
  GCond       shut_cond;
  gboolean    is_shut;   /* under the lock, as all that follows */
  gboolean    is_ending; /* nothing but EVENT_ENDED is queued any more */
  gboolean    has_source;
  GQueue      queue; /* (owned) KithDhtEvent */
  GHashTable *held;  /* (owned): Tickets that the library has, each with a ref */
};

/* Queues an event (transfer full) for the owner; any thread. */
void kith_dht_host_post         (KithDhtHost   *self,
                                 KithDhtEvent  *event);
/* The same with the lock held. */
void kith_dht_host_post_locked  (KithDhtHost   *self,
                                 KithDhtEvent  *event);

/* kith-dht-host-operations.c */
void kith_dht_ticket_unref      (KithDhtTicket *ticket);
void kith_dht_ticket_cancel_put (KithDhtTicket *ticket);

G_END_DECLS
