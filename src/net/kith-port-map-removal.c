/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mappings that nobody wants any more, while the router is asked to forget them. */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "base/kith-source.h"
#include "net/kith-port-map-private.h"

typedef struct
{
  KithMapper *mapper; /* (owned) */
  GSource    *timer;  /* (owned) */
  GTask      *task;   /* (owned) (nullable) */
} Removal;

static void
removal_end (Removal *removal)
{
  kith_mapper_free (removal->mapper);
  g_source_destroy (removal->timer);
  g_source_unref (removal->timer);
  if (removal->task != NULL)
    kith_mapper_removals_end (removal->task);
  g_free (removal);
}

static void
removed (KithMapper *mapper, gpointer user_data)
{
  removal_end (user_data);
}

static gboolean
timeout_cb (gpointer user_data)
{
  removal_end (user_data);
  return G_SOURCE_REMOVE;
}

/**
 * kith_mapper_removals_begin: (skip)
 * @task: returns %TRUE when all that is removed for it is gone
 */
void
kith_mapper_removals_begin (GTask *task)
{
  guint *n_awaited = g_new0 (guint, 1);

  *n_awaited = 1;
  g_task_set_task_data (task, n_awaited, g_free);
}

/**
 * kith_mapper_removals_end: (skip)
 * @task: (transfer full): nothing more is removed for it
 */
void
kith_mapper_removals_end (GTask *task)
{
  guint *n_awaited = g_task_get_task_data (task);

  if (--*n_awaited == 0)
    g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

/**
 * kith_mapper_remove: (skip)
 * @mapper: (transfer full): holds a mapping
 * @timeout_ms: for the router to answer; when it does not, the mapping goes with its lease
 * @task: (nullable): waits for it
 */
void
kith_mapper_remove (KithMapper *mapper, guint timeout_ms, GTask *task)
{
  static const KithMapperEvents events = { .removed = removed };
  Removal *removal = g_new0 (Removal, 1);

  removal->mapper = mapper;
  if (task != NULL)
    {
      guint *n_awaited = g_task_get_task_data (task);

      ++*n_awaited;
      removal->task = g_object_ref (task);
    }

  mapper->events = &events;
  mapper->user_data = removal;
  kith_source_start (&removal->timer, timeout_ms, timeout_cb, removal);
  mapper->class->remove (mapper);
}

/**
 * kith_mapper_free: (skip)
 * @mapper: (transfer full) (nullable): a mapper
 */
void
kith_mapper_free (KithMapper *mapper)
{
  if (mapper != NULL)
    mapper->class->free (mapper);
}
