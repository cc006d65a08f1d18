import { allow, kindOf, validatingRule } from 'portcullis';

/** As the schema has it; without `spec` and `days`, it is here, too, until weather-report-schema has refused it. */
interface WeatherReport {
  spec?: { city: string; days?: number };
}

/** Who asks for more days than can be forecast gets them, and should know what they are worth. */
export const weatherReportDays = validatingRule({
  name: 'weather-report-days',
  kind: kindOf<WeatherReport>(new URL('weather-report.crd.yaml', import.meta.url)),
  operations: ['CREATE', 'UPDATE'],
  settings: {
    type: 'object',
    properties: {
      mostDays: { type: 'integer', minimum: 1, default: 16, description: 'How far the forecasts reach.' },
    },
  },
  validate(report, { settings }) {
    const days = report.spec?.days ?? 0;
    if (days <= settings.mostDays) return allow();
    return allow(`spec.days: forecasts reach ${settings.mostDays} days; what comes after is the average of past years`);
  },
});
