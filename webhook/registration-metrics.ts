import { Gauge, type Registry } from '@prometheus-io/client';

/** What is told of one webhook configuration (`validatingwebhookconfigurations/portcullis`). */
export interface RegistrationMetrics {
  /** It was compared with what is generated from the rules in force. */
  compared(configuration: string, differences: number): void;
}

/** Makes the metrics of what is registered. They have no values where no cluster is asked, and until it has answered. */
export function createRegistrationMetrics(registry: Registry): RegistrationMetrics {
  const registers = [registry];
  const drift = new Gauge({
    name: 'portcullis_registration_drift',
    help: '1 where the webhooks that are registered are not those that the rules in force generate, else 0.',
    labelNames: ['configuration'],
    registers,
  });
  const differences = new Gauge({
    name: 'portcullis_registration_differences',
    help: 'In how much they differ; /status says in what.',
    labelNames: ['configuration'],
    registers,
  });
  return {
    compared(configuration, count) {
      drift.set({ configuration }, count === 0 ? 0 : 1);
      differences.set({ configuration }, count);
    },
  };
}
